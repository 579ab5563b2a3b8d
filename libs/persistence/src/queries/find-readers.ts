/** What reads some tables or models directly: the models and dashboards that their deletion would leave behind. */
import type { Sql } from '../sql';

export interface Readers {
  models: { id: string; name: string }[];
  dashboards: { id: string; name: string }[];
}

const query = /* sql */ `
select
  (select coalesce(json_agg(json_build_object('id', m.id::text, 'name', m.name) order by m.name), '[]')
    from app.data_model m
    where m.deleted_at is null and exists (
      select from app.model_input i where i.model_id = m.id and i.kind = $1 and i.input_id = any($2))) as models,
  (select coalesce(json_agg(json_build_object('id', d.id::text, 'name', d.name) order by d.name), '[]')
    from app.dashboard d
    where d.deleted_at is null and exists (
      select from app.chart c join app.chart_input i on i.chart_id = c.id
      where c.dashboard_id = d.id and i.kind = $1 and i.input_id = any($2))) as dashboards`;

/** @param kind `t` for stream tables, `m` for models */
export const findReaders = async (sql: Sql, kind: 't' | 'm', ids: readonly string[]): Promise<Readers> => {
  const [row] = await sql.rows<Readers & Record<string, unknown>>(query, [kind, ids]);
  return { models: row?.models ?? [], dashboards: row?.dashboards ?? [] };
};
