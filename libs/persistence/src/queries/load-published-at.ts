/** Which versions readers saw at an earlier moment, and whether these are still there to be read. */
import { iso, type Sql } from '../sql';

export interface PublishedAt {
  modelId: string;
  /** 0: nothing was published by then. */
  version: number;
  /** The version's table is still there. */
  kept: boolean;
  /** From when on every version that was published is kept; null when not even the present one is. ISO 8601. */
  keptFrom: string | null;
}

// Times are told in milliseconds: rounded up, so that asking for the time told is late enough.
// A version's row is deleted with its table, so that a row means it can be read. Model by model, the publications behind
// the latest one whose version is gone are those that can be gone back to.
const query = /* sql */ `
select m.id::text as "modelId", coalesce(shown.version, 0) as version, shown.kept is true as kept,
  ${iso("(reachable.since + interval '1 millisecond')")} as "keptFrom"
from app.data_model m
left join lateral (
  select p.version, v.version is not null as kept
  from app.model_publication p
  left join app.model_version v on v.model_id = p.model_id and v.version = p.version
  where p.model_id = m.id and p.at <= $2 order by p.at desc, p.id desc limit 1) shown on true
left join lateral (
  select min(p.at) as since from app.model_publication p
  where p.model_id = m.id and p.id > coalesce((
    select max(g.id) from app.model_publication g
    where g.model_id = m.id and not exists (
      select 1 from app.model_version v where v.model_id = g.model_id and v.version = g.version)), 0)) reachable on true
where m.project_id = $1 and m.deleted_at is null`;

/** @param at ISO 8601 */
export const loadPublishedAt = (sql: Sql, projectId: string, at: string): Promise<PublishedAt[]> =>
  sql.rows<PublishedAt & Record<string, unknown>>(query, [projectId, at]);
