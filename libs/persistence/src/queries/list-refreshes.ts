/** Refreshes as the history shows them, newest first. */
import type { Refresh } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

const numbers = ['rowsBefore', 'rowsAfter', 'rowsAdded', 'rowsRemoved', 'rowsChanged']
  .map((name) => `r.${name.replace('rows', 'rows_').toLowerCase()}::float8 as "${name}"`)
  .join(', ');

const query = /* sql */ `
select r.id::text, r.model_id::text as "modelId", m.name as "modelName", r.status, r.triggered_by as "triggeredBy", r.principal,
  r.source_id::text as "sourceId", r.cascade_id::text as "cascadeId", r.why, r.version, r.published, ${numbers},
  ${iso('r.queued_at')} as "queuedAt", ${iso('r.started_at')} as "startedAt", ${iso('r.completed_at')} as "completedAt",
  (extract(epoch from coalesce(r.completed_at, clock_timestamp()) - r.started_at) * 1000)::float8 as "durationMs",
  r.sql, r.guards, r.error
from app.refresh r join app.data_model m on m.id = r.model_id
where ($1::bigint is null or r.model_id = $1) and ($2::bigint is null or r.id = $2) and ($3::bigint is null or r.id < $3)
order by r.id desc limit $4`;

export interface RefreshFilter {
  modelId?: string;
  id?: string;
  /** Only refreshes older than this one. */
  after?: string | null;
  limit?: number;
}

export const listRefreshes = (
  sql: Sql,
  { modelId, id, after, limit = 1 }: RefreshFilter,
): Promise<Refresh[]> =>
  sql.rows<Refresh & Record<string, unknown>>(query, [modelId ?? null, id ?? null, after ?? null, limit]);
