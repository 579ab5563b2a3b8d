/** Refreshes as the history shows them, newest first; one asked for by its id comes with the rows that guards complain of. */
import type { Refresh } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

const numbers = ['rowsBefore', 'rowsAfter', 'rowsAdded', 'rowsRemoved', 'rowsChanged']
  .map((name) => `r.${name.replace('rows', 'rows_').toLowerCase()}::float8 as "${name}"`)
  .join(', ');

/** Rows of people's data are shown in the refresh itself: a list of fifty could carry megabytes of them. */
const inList = /* sql */ `
  (select coalesce(jsonb_agg(g.value - 'rows' order by g.place), '[]') from jsonb_array_elements(r.guards) with ordinality g(value, place)) as guards,
  r.plan, r.comparison || '{"samples": {"added": [], "removed": [], "changed": []}}' as comparison`;
const inItself = `r.guards, r.plan, r.comparison`;

const queryWith = (details: string): string => /* sql */ `
select r.id::text, r.model_id::text as "modelId", m.name as "modelName", r.kind, r.status, r.triggered_by as "triggeredBy", r.principal,
  r.source_id::text as "sourceId", r.cascade_id::text as "cascadeId", r.why, r.version, r.published, ${numbers},
  ${iso('r.queued_at')} as "queuedAt", ${iso('r.started_at')} as "startedAt", ${iso('r.completed_at')} as "completedAt",
  (extract(epoch from coalesce(r.completed_at, clock_timestamp()) - r.started_at) * 1000)::float8 as "durationMs",
  r.sql, r.error, ${details}
from app.refresh r join app.data_model m on m.id = r.model_id
where ($1::bigint is null or r.model_id = $1) and ($2::bigint is null or r.id = $2) and ($3::bigint is null or r.id < $3)
order by r.id desc limit $4`;

const list = queryWith(inList);
const single = queryWith(inItself);

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
  sql.rows<Refresh & Record<string, unknown>>(id === undefined ? list : single, [
    modelId ?? null,
    id ?? null,
    after ?? null,
    limit,
  ]);
