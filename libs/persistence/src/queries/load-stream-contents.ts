/** What a model's version or a stream's revision contains: each stream below it, at which revisions, and of which sync runs. */
import { prepared } from '../prepared';
import { iso, type Sql } from '../sql';
import type { ReadInput } from './load-as-of';

/** One stream at one revision, as one input contains it. */
export interface ContainedStream {
  /** Place among the inputs given. */
  input: number;
  streamId: string;
  sourceId: string;
  revision: number;
  /** The newest completed run that this revision contains; null when no run was complete by then. */
  runId: string | null;
  completedAt: string | null;
  /** The first completed run that brought this stream a later revision; null when there is none. */
  nextRunId: string | null;
  /** The source's run that is under way right now. */
  openRunId: string | null;
  /** `YYYY-MM-DD` in the account's zone: values of this day and later may still change, since the vendor restates them; null: none will. */
  provisionalFrom: string | null;
  /** What people should know about its rows, such as that the vendor sampled them. */
  warnings: string[];
}

// A version's vector leads to the versions and revisions below it. A run that changed nothing ends at the same
// revision as the one before, so the newest run at or below a revision is what the data is current as of.
const query = prepared(/* sql */ `
with recursive reach(input, kind, id, value) as (
  select (place - 1)::int, value ->> 'kind', (value ->> 'id')::bigint, (value ->> 'value')::bigint
  from jsonb_array_elements($1::jsonb) with ordinality given(value, place)
  union
  select r.input, split_part(e.key, ':', 1), split_part(e.key, ':', 2)::bigint, e.value::bigint
  from reach r
  join app.model_version v on r.kind = 'm' and v.model_id = r.id and v.version = r.value
  cross join jsonb_each_text(v.vector) e
  where e.key like '_:%'
)
select x.input, s.id::text as "streamId", s.source_id::text as "sourceId", x.value::float8 as revision,
  done.run_id::text as "runId", ${iso('done.completed_at')} as "completedAt", later.run_id::text as "nextRunId",
  (select o.id::text from app.sync_run o where o.source_id = s.source_id and o.status = 'running') as "openRunId",
  case when s.provisional_days > 0 then
    to_char((done.completed_at at time zone coalesce(s.time_zone, 'UTC'))::date - s.provisional_days + 1, 'YYYY-MM-DD') end as "provisionalFrom",
  s.warnings
from reach x
join app.stream s on x.kind = 't' and s.id = x.id
left join lateral (
  select rs.run_id, r.completed_at
  from app.sync_run_stream rs join app.sync_run r on r.id = rs.run_id
  where rs.stream_id = s.id and rs.to_revision <= x.value and r.status = 'completed'
  order by rs.run_id desc limit 1) done on true
left join lateral (
  select rs.run_id
  from app.sync_run_stream rs join app.sync_run r on r.id = rs.run_id
  where rs.stream_id = s.id and rs.to_revision > x.value and r.status = 'completed'
  order by rs.run_id limit 1) later on true
order by x.input, s.source_id, s.id, x.value`);

/** In the order of `inputs`. */
export const loadStreamContents = async (
  sql: Sql,
  inputs: readonly ReadInput[],
): Promise<ContainedStream[]> =>
  inputs.length ? sql.rows<ContainedStream & Record<string, unknown>>(query, [JSON.stringify(inputs)]) : [];
