/** Cascades with what became of each model, newest first. */
import type { Cascade } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

const query = /* sql */ `
select c.id::text, c.project_id::text as "projectId", c.source_id::text as "sourceId", c.run_id::text as "runId", c.why,
  ${iso('c.started_at')} as "startedAt", ${iso('c.completed_at')} as "completedAt",
  (select coalesce(json_agg(json_build_object('modelId', i.model_id::text, 'modelName', m.name, 'state', i.state, 'why', i.why,
      'queuedAt', ${iso('i.queued_at')}, 'startedAt', ${iso('i.started_at')}, 'publishedAt', ${iso('i.published_at')},
      'refreshId', i.refresh_id::text) order by i.position), '[]')
    from app.cascade_item i join app.data_model m on m.id = i.model_id where i.cascade_id = c.id) as items
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
