/** The projects in which the dispatcher may have something to do: a cheap look that spares loading all the others. */
import type { Sql } from '../sql';

export interface ProjectToDispatch {
  organizationId: string;
  projectId: string;
}

const query = /* sql */ `
select distinct m.organization_id::text as "organizationId", m.project_id::text as "projectId"
from app.data_model m
where ($1::bigint is null or m.organization_id = $1) and m.deleted_at is null and (
  m.built_vector is null
  or m.owed_since is not null
  or m.lease_until is not null
  or m.candidate_version is not null
  or m.mode = 'shadow' and m.shadow_until <= clock_timestamp()
  or (m.built_vector ->> 'd')::bigint is distinct from m.definition_revision
  or (m.built_vector ->> 'f')::bigint is distinct from m.forced
  or exists (select from app.refresh r where r.model_id = m.id and r.status = 'QUEUED')
  or exists (
    select from app.model_input i
    left join app.stream s on i.kind = 't' and s.id = i.input_id
    left join app.data_model u on i.kind = 'm' and u.id = i.input_id
    where i.model_id = m.id
      and coalesce(s.revision, u.candidate_version, u.published_version)
        is distinct from (m.built_vector ->> (i.kind || ':' || i.input_id))::bigint))
union
select c.organization_id::text, c.project_id::text from app.cascade c
where ($1::bigint is null or c.organization_id = $1) and c.completed_at is null`;

/** Of one organization, or of all. Running refreshes count too: they push back the rank of those that wait. */
export const findProjectsToDispatch = (
  sql: Sql,
  organizationId: string | null = null,
): Promise<ProjectToDispatch[]> =>
  sql.rows<ProjectToDispatch & Record<string, unknown>>(query, [organizationId]);
