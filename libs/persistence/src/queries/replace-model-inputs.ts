/** The edges of the graph: what a model reads, as its SQL binds now. */
import type { Sql } from '../sql';

export interface InputEdge {
  kind: 't' | 'm';
  id: string;
}

const remove = `delete from app.model_input where model_id = $1 and (kind || ':' || input_id) <> all ($2)`;
const insert = /* sql */ `
insert into app.model_input (model_id, organization_id, kind, input_id)
select $1, $2, split_part(e, ':', 1), split_part(e, ':', 2)::bigint from unnest($3::text[]) e
on conflict do nothing`;

/** In a transaction. */
export const replaceModelInputs = async (
  sql: Sql,
  {
    modelId,
    organizationId,
    inputs,
  }: { modelId: string; organizationId: string; inputs: readonly InputEdge[] },
): Promise<void> => {
  const edges = inputs.map(({ kind, id }) => `${kind}:${id}`);
  await sql.rows(remove, [modelId, edges]);
  await sql.rows(insert, [modelId, organizationId, edges]);
};
