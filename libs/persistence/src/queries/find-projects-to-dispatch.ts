/** The projects in which the dispatcher may have something to do: a cheap look that spares loading all the others. */
import type { Sql } from '../sql';

const query = /* sql */ `
select distinct m.project_id as id
from app.data_model m
where m.deleted_at is null and (
  m.built_vector is null
  or m.owed_since is not null
  or (m.built_vector ->> 'd')::bigint is distinct from m.definition_revision
  or (m.built_vector ->> 'f')::bigint is distinct from m.forced
  or exists (select from app.refresh r where r.model_id = m.id and r.status = 'QUEUED')
  or exists (
    select from app.model_input i
    left join app.stream s on i.kind = 't' and s.id = i.input_id
    left join app.data_model u on i.kind = 'm' and u.id = i.input_id
    where i.model_id = m.id
      and coalesce(s.revision, u.published_version) is distinct from (m.built_vector ->> (i.kind || ':' || i.input_id))::bigint))
union
select c.project_id from app.cascade c where c.completed_at is null`;

export const findProjectsToDispatch = async (sql: Sql): Promise<string[]> =>
  (await sql.rows<{ id: string }>(query)).map(({ id }) => id);
