/** What every fault has to work with. */
import type { Random } from '../../harness/random';
import type { Disturbances } from '../disturbances';
import type { Findings } from '../findings';
import type { Installation } from '../installation';

export interface FaultParts {
  installation: Installation;
  disturbances: Disturbances;
  findings: Findings;
  random: Random;
  /** A fault that ended work under way, for the times of recovery. */
  shock: (what: string) => void;
}

/** Resolves when it is over and what it broke may mend. Returns what it did, in a few words. */
export type Fault = (parts: FaultParts) => Promise<string>;
