/** What the charts of a dashboard read, so that deletions can warn and publishing knows whom it concerns. */
import type { Sql } from '../sql';
import type { InputEdge } from './replace-model-inputs';

const remove = `delete from app.chart_input where chart_id = $1`;
const insert = /* sql */ `
insert into app.chart_input (chart_id, organization_id, kind, input_id)
select $1, $2, split_part(e, ':', 1), split_part(e, ':', 2)::bigint from unnest($3::text[]) e
on conflict do nothing`;

/** In a transaction. */
export const replaceChartInputs = async (
  sql: Sql,
  {
    chartId,
    organizationId,
    inputs,
  }: { chartId: string; organizationId: string; inputs: readonly InputEdge[] },
): Promise<void> => {
  await sql.rows(remove, [chartId]);
  await sql.rows(insert, [chartId, organizationId, inputs.map(({ kind, id }) => `${kind}:${id}`)]);
};
