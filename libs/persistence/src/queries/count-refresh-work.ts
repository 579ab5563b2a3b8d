/** What the cascade has to do for an organization right now. */
import type { Sql } from '../sql';

export interface RefreshWork {
  running: number;
  queued: number;
  /** Models whose last refresh failed and which have not recovered since. */
  failed: number;
}

const query = /* sql */ `
select
  (select count(*) from app.refresh where status = 'RUNNING')::int as running,
  (select count(*) from app.refresh where status = 'QUEUED')::int as queued,
  (select count(*) from app.data_model where last_error is not null and deleted_at is null)::int as failed`;

/** Within an organization's transaction, where row-level security shows its rows alone. */
export const countRefreshWork = async (sql: Sql): Promise<RefreshWork> => {
  const [row] = await sql.rows<RefreshWork & Record<string, unknown>>(query);
  return { running: row?.running ?? 0, queued: row?.queued ?? 0, failed: row?.failed ?? 0 };
};
