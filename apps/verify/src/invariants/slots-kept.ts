/** Over all organizations and processes, no more refreshes run at once than there are slots. */
import { defaults } from '@freshet/contracts';
import { lockClass } from '@freshet/warehouse';
import {
  at,
  counted,
  epoch,
  listed,
  violated,
  type Finding,
  type Invariant,
  type Outcome,
} from '../invariant';

export interface SlotUse {
  id: string;
  startedAt: number;
  /**
   * When it surely still held its slot. One whose process died held it when it began and then for nobody knows how long, since a
   * slot vanishes with its session and the row is ended later: for it, and for one that runs now, this is `startedAt`.
   */
  surelyUntil: number;
}

const query = /* sql */ `
select r.id, ${epoch('r.started_at')} as "startedAt",
  case when r.completed_at is null or r.error ->> 'code' = 'interrupted' then ${epoch('r.started_at')}
    else ${epoch('r.completed_at')} end as "surelyUntil"
from app.refresh r
where r.started_at is not null and coalesce(r.completed_at, 'infinity') >= to_timestamp($1::float8 / 1000)
order by r.started_at, r.id`;

/** Slots are numbered from 0. */
const held = /* sql */ `
select objid::int as slot from pg_catalog.pg_locks
where locktype = 'advisory' and classid = $1 and granted
  and database = (select oid from pg_catalog.pg_database where datname = current_database())`;

/** @param uses in the order in which they began */
export const findCrowds = (uses: readonly SlotUse[], slots: number): Outcome => {
  const findings: Finding[] = [];
  let running: SlotUse[] = [];
  let crowded = false;
  for (const use of uses) {
    running = running.filter(({ surelyUntil }) => surelyUntil > use.startedAt);
    running.push(use);
    if (running.length > slots && !crowded) {
      findings.push(
        violated(
          `At ${at(use.startedAt)} ${counted(running.length, 'refresh', 'refreshes')} ran at once, and there are ${slots} slots: ` +
            `refreshes ${listed(running.map(({ id }) => id))}. Look at whether a process lost its database session and went on.`,
        ),
      );
    }
    crowded = running.length > slots;
  }
  return { checked: uses.length, findings };
};

export const findStrangeSlots = (taken: readonly { slot: number }[], slots: number): Finding[] =>
  taken
    .filter(({ slot }) => slot < 0 || slot >= slots)
    .map(({ slot }) =>
      violated(
        `Refresh slot ${slot} is held, and there are only slots 0 to ${slots - 1}. Look at whether all services are of one release.`,
      ),
    );

export const slotsKept: Invariant = {
  name: 'slots-kept',
  says: 'Never more refreshes at once than there are slots, over all organizations.',
  scope: 'installation',
  check: async ({ sql, since }) => {
    const { slots } = defaults.refresh;
    const outcome = findCrowds(await sql.rows<SlotUse & Record<string, unknown>>(query, [since]), slots);
    const taken = await sql.rows<{ slot: number }>(held, [lockClass.refreshSlot]);
    return { ...outcome, findings: [...outcome.findings, ...findStrangeSlots(taken, slots)] };
  },
};
