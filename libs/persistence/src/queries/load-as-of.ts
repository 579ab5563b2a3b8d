/** Which completed sync runs some stream revisions and model versions contain, per source, worked out from the data. */
import type { AsOf } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

export interface ReadInput {
  kind: 't' | 'm';
  id: string;
  /** Revision of a stream, version of a model. */
  value: number;
}

// A version's vector leads to the versions and revisions below it. A run that changed nothing ends at the same
// revision as the one before, so the newest run at or below a revision is what the data is current as of.
const query = /* sql */ `
with recursive reach(kind, id, value) as (
  select kind, id, value from jsonb_to_recordset($1::jsonb) as given(kind text, id bigint, value bigint)
  union
  select split_part(e.key, ':', 1), split_part(e.key, ':', 2)::bigint, e.value::bigint
  from reach r
  join app.model_version v on r.kind = 'm' and v.model_id = r.id and v.version = r.value
  cross join jsonb_each_text(v.vector) e
  where e.key like '_:%'
), streams as (
  select id, min(value) as revision from reach where kind = 't' group by id
), runs as (
  select s.source_id, done.run_id, done.completed_at
  from streams x
  join app.stream s on s.id = x.id
  left join lateral (
    select rs.run_id, r.completed_at
    from app.sync_run_stream rs join app.sync_run r on r.id = rs.run_id
    where rs.stream_id = x.id and rs.to_revision <= x.revision and r.status = 'completed'
    order by rs.run_id desc limit 1) done on true
)
select r.source_id::text as "sourceId",
  (array_agg(r.run_id order by r.completed_at nulls first))[1]::text as "fromRunId",
  (array_agg(r.run_id order by r.completed_at desc nulls last))[1]::text as "toRunId",
  ${iso('min(r.completed_at)')} as "completedAt",
  (select o.id::text from app.sync_run o where o.source_id = r.source_id and o.status = 'running') as "openRunId"
from runs r group by r.source_id order by r.source_id`;

export const loadAsOf = async (sql: Sql, inputs: readonly ReadInput[]): Promise<AsOf[]> => {
  if (!inputs.length) return [];
  const rows = await sql.rows<AsOf & { openRunId: string | null | undefined }>(query, [
    JSON.stringify(inputs),
  ]);
  return rows.map(({ openRunId, ...rest }) => (openRunId ? { ...rest, openRunId } : rest));
};
