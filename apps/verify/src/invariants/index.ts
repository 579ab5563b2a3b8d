/** All invariants, in the order in which they are reported. */
import type { Invariant } from '../invariant';
import { changesSeen } from './changes-seen';
import { checkpointsTrue } from './checkpoints-true';
import { contentsTrue } from './contents-true';
import { eventsComplete } from './events-complete';
import { lifecycles } from './lifecycles';
import { noOverlaps } from './no-overlaps';
import { oncePerCascade } from './once-per-cascade';
import { orderKept } from './order-kept';
import { slotsKept } from './slots-kept';
import { tablesKnown } from './tables-known';
import { tenantsApart } from './tenants-apart';
import { vectorsTrue } from './vectors-true';

export const invariants: readonly Invariant[] = [
  changesSeen,
  noOverlaps,
  slotsKept,
  lifecycles,
  orderKept,
  oncePerCascade,
  vectorsTrue,
  contentsTrue,
  tablesKnown,
  checkpointsTrue,
  eventsComplete,
  tenantsApart,
];
