/** What the cascade has to do right now. */
import type { Sql } from '../sql';

export interface RefreshWork {
  running: number;
  queued: number;
  /** Models whose last refresh failed and which have not recovered since. */
  failed: number;
}

const query = /* sql */ `
select
  (select count(*) from app.refresh where status = 'RUNNING' and ($1::bigint is null or model_id = $1))::int as running,
  (select count(*) from app.refresh where status = 'QUEUED' and ($1::bigint is null or model_id = $1))::int as queued,
  (select count(*) from app.data_model where last_error is not null and deleted_at is null
    and ($1::bigint is null or id = $1))::int as failed`;

/** Within an organization's transaction, where row-level security shows its rows alone. @param modelId null: of all its models */
export const countRefreshWork = async (sql: Sql, modelId: string | null): Promise<RefreshWork> => {
  const [row] = await sql.rows<RefreshWork & Record<string, unknown>>(query, [modelId]);
  return { running: row?.running ?? 0, queued: row?.queued ?? 0, failed: row?.failed ?? 0 };
};
