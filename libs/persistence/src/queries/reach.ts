/** What numbers are made of, down to the tables: SQL that several queries begin with. */

/**
 * A recursive table `reach(kind, id, value)` of the inputs given as `$1` (JSON of `ReadInput`s) and all below them: the vector of a
 * version leads to the versions and revisions it was built from.
 */
export const reach = /* sql */ `
with recursive reach(kind, id, value) as (
  select kind, id, value from jsonb_to_recordset($1::jsonb) as given(kind text, id bigint, value bigint)
  union
  select split_part(e.key, ':', 1), split_part(e.key, ':', 2)::bigint, e.value::bigint
  from reach r
  join app.model_version v on r.kind = 'm' and v.model_id = r.id and v.version = r.value
  cross join jsonb_each_text(v.vector) e
  where e.key like '_:%'
)`;
