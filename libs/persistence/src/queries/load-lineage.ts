/** The graph of a project as people see it: sources, their tables, models and dashboards, and what reads what. */
import type { Sql } from '../sql';

export interface LineageRows {
  tables: { id: string; sourceId: string; name: string; held: boolean }[];
  dashboards: { id: string; name: string }[];
  /** Keys as in `table:3` → `model:4`. */
  edges: { from: string; to: string }[];
}

const query = /* sql */ `
with streams as (
  select s.id, s.source_id, d.slug || '.' || s.name as name, s.held
  from app.stream s join app.data_source d on d.id = s.source_id
  where s.project_id = $1 and s.deleted_at is null and d.deleted_at is null
), models as (
  select id from app.data_model where project_id = $1 and deleted_at is null
), dashboards as (
  select id, name from app.dashboard where project_id = $1 and deleted_at is null
), reads as (
  select i.kind, i.input_id, 'model:' || i.model_id as reader from app.model_input i join models m on m.id = i.model_id
  union
  select i.kind, i.input_id, 'dashboard:' || c.dashboard_id
  from app.chart c join dashboards d on d.id = c.dashboard_id join app.chart_input i on i.chart_id = c.id
), edges as (
  select 'source:' || source_id as "from", 'table:' || id as "to" from streams
  union all
  select 'table:' || s.id, r.reader from reads r join streams s on r.kind = 't' and s.id = r.input_id
  union all
  select 'model:' || m.id, r.reader from reads r join models m on r.kind = 'm' and m.id = r.input_id
)
select
  (select coalesce(json_agg(json_build_object('id', id::text, 'sourceId', source_id::text, 'name', name, 'held', held) order by name), '[]') from streams) as tables,
  (select coalesce(json_agg(json_build_object('id', id::text, 'name', name) order by id), '[]') from dashboards) as dashboards,
  (select coalesce(json_agg(e order by e."from", e."to"), '[]') from edges e) as edges`;

export const loadLineage = async (sql: Sql, projectId: string): Promise<LineageRows> => {
  const [row] = await sql.rows<LineageRows & Record<string, unknown>>(query, [projectId]);
  return row ?? { tables: [], dashboards: [], edges: [] };
};
