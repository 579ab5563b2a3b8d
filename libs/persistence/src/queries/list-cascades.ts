/** Cascades with what became of each model, newest first. */
import type { Cascade } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

// A dashboard shows all of a cascade once nothing it reads of it is still to come: open and failed models hold that up, and
// so do those that somebody stopped. One passed over for want of a change does not.
const dashboards = /* sql */ `
select d.id, d.name,
  case when bool_or(i.state in ('waiting', 'running', 'built', 'failed')
      or i.state = 'skipped' and (not m.auto_refresh or m.paused or m.pinned_version is not null or m.deleted_at is not null))
    then null else max(i.published_at) end as reached_at
from app.cascade_item i
join app.data_model m on m.id = i.model_id
join app.chart_input n on n.kind = 'm' and n.input_id = i.model_id
join app.chart k on k.id = n.chart_id
join app.dashboard d on d.id = k.dashboard_id and d.deleted_at is null
where i.cascade_id = c.id group by d.id, d.name`;

const query = /* sql */ `
select c.id::text, c.project_id::text as "projectId", c.source_id::text as "sourceId", c.run_id::text as "runId", c.why,
  ${iso('c.started_at')} as "startedAt", ${iso('c.completed_at')} as "completedAt",
  (select coalesce(json_agg(json_build_object('modelId', i.model_id::text, 'modelName', m.name, 'state', i.state, 'why', i.why,
      'queuedAt', ${iso('i.queued_at')}, 'startedAt', ${iso('i.started_at')}, 'publishedAt', ${iso('i.published_at')},
      'refreshId', i.refresh_id::text,
      'waitedMs', round(extract(epoch from i.started_at - c.started_at) * 1000),
      'ranMs', round(extract(epoch from coalesce(r.completed_at, i.published_at) - i.started_at) * 1000))
      order by i.position), '[]')
    from app.cascade_item i join app.data_model m on m.id = i.model_id left join app.refresh r on r.id = i.refresh_id
    where i.cascade_id = c.id) as items,
  (select coalesce(json_agg(json_build_object('id', d.id::text, 'name', d.name, 'reachedAt', ${iso('d.reached_at')}) order by d.id), '[]')
    from (${dashboards}) d) as dashboards
from app.cascade c
where ($1::bigint is null or c.project_id = $1) and ($2::bigint is null or c.id = $2) and ($3::bigint is null or c.id < $3)
order by c.id desc limit $4`;

export interface CascadeFilter {
  projectId?: string;
  id?: string;
  /** Only cascades older than this one. */
  after?: string | null;
  limit?: number;
}

export const listCascades = (
  sql: Sql,
  { projectId, id, after, limit = 1 }: CascadeFilter,
): Promise<Cascade[]> =>
  sql.rows<Cascade & Record<string, unknown>>(query, [projectId ?? null, id ?? null, after ?? null, limit]);
