/** The queries in a project that may name a model: of models, of their guards, and of charts. Which do, only parsing tells. */
import type { Guard } from '@freshet/contracts';
import type { Sql } from '../sql';

export type Namer =
  | { kind: 'model'; id: string; name: string; sql: string; guards: Guard[]; dashboardId: null }
  | { kind: 'chart'; id: string; name: string; sql: string; guards: null; dashboardId: string };

// A name may be written with escapes, so that its letters aren't there; what was bound to it is known then.
const query = /* sql */ `
select 'model' as kind, m.id::text, m.name, m.sql, m.guards, null as "dashboardId"
from app.data_model m
where m.project_id = $1 and m.deleted_at is null and m.id <> $2 and (
  strpos(lower(m.sql), $3) > 0 or strpos(lower(m.guards::text), $3) > 0
  or exists (select from app.model_input i where i.model_id = m.id and i.kind = 'm' and i.input_id = $2))
union all
select 'chart', c.id::text, c.title, c.sql, null, d.id::text
from app.chart c join app.dashboard d on d.id = c.dashboard_id
where d.project_id = $1 and d.deleted_at is null and (
  strpos(lower(c.sql), $3) > 0
  or exists (select from app.chart_input i where i.chart_id = c.id and i.kind = 'm' and i.input_id = $2))`;

/** Without the model itself. */
export const findNamers = (
  sql: Sql,
  { projectId, modelId, name }: { projectId: string; modelId: string; name: string },
): Promise<Namer[]> =>
  sql.rows<Namer & Record<string, unknown>>(query, [projectId, modelId, name.toLowerCase()]);
