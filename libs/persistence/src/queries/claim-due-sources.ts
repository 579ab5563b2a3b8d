/** Sources whose time has come, locked so that two schedulers never start one twice (spec SC4). */
import type { Schedule } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface DueSource {
  id: string;
  schedule: Schedule;
  /** When it was due, epoch milliseconds. */
  dueAt: number;
  /** Another run of it is open: this one is skipped, and said so (spec SC3). */
  busy: boolean;
  /** That run waits for its vendor's quota. */
  parked: boolean;
}

const query = /* sql */ `
select d.id, d.schedule, (extract(epoch from d.next_run_at) * 1000)::float8 as "dueAt",
  exists (select from app.sync_run r where r.source_id = d.id and r.status in ('queued', 'running', 'waiting')) as busy,
  exists (select from app.sync_run r where r.source_id = d.id and r.status = 'waiting') as parked
from app.data_source d
where d.next_run_at <= $1 and d.deleted_at is null and coalesce((d.schedule ->> 'paused')::boolean, false) = false
  and not exists (select from app.connection c where c.id = d.connection_id and c.status = 'needs_reconnect')
order by d.next_run_at limit 100
for update of d skip locked`;

/**
 * A source whose connection waits for its owner rests: it is due as soon as that is renewed.
 * In a transaction; set each one's next time before it ends.
 */
export const claimDueSources = (sql: Sql, now: Date): Promise<DueSource[]> =>
  sql.rows<DueSource & Record<string, unknown>>(query, [now]);

export const setNextRun = async (sql: Sql, sourceId: string, at: Date | null): Promise<void> => {
  await sql.rows(`update app.data_source set next_run_at = $2 where id = $1`, [sourceId, at]);
};

/** A due run that did not start because its source was still syncing stays in the history. */
export const recordSkippedRun = async (sql: Sql, sourceId: string, why: string): Promise<void> => {
  await sql.rows(
    `insert into app.sync_run (organization_id, project_id, source_id, status, trigger, why, queued_at, completed_at, correlation_id)
     select organization_id, project_id, id, 'skipped', 'schedule', $2, statement_timestamp(), statement_timestamp(), 'schedule-' || id
     from app.data_source where id = $1`,
    [sourceId, why],
  );
};
