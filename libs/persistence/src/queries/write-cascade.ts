/** Writes down a cascade and its models in order, for the timeline; what is really refreshed follows from the data. */
import type { Sql } from '../sql';

export interface PlannedCascade {
  organizationId: string;
  projectId: string;
  sourceId: string | null;
  runId: string | null;
  why: string;
  /** In topological order. */
  models: { id: string; why: string }[];
}

const insert = /* sql */ `
with cascade as (
  insert into app.cascade (organization_id, project_id, source_id, run_id, why) values ($1, $2, $3, $4, $5) returning id
), items as (
  insert into app.cascade_item (cascade_id, model_id, organization_id, position, why)
  select c.id, e.id, $1, e.place, e.why
  from cascade c, rows from (jsonb_to_recordset($6::jsonb) as (id bigint, why text)) with ordinality e(id, why, place)
), run as (
  update app.sync_run r set cascade_id = c.id from cascade c where r.id = $4
)
select id from cascade`;

export const writeCascade = async (sql: Sql, plan: PlannedCascade): Promise<string> => {
  const [row] = await sql.rows<{ id: string }>(insert, [
    plan.organizationId, plan.projectId, plan.sourceId, plan.runId, plan.why, JSON.stringify(plan.models),
  ]); // prettier-ignore
  return row?.id ?? '';
};
