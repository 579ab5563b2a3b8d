/** Versions that readers see and that were published lately: those whose housekeeping may not be done yet. */
import type { Sql } from '../sql';

export interface FreshPublication {
  projectId: string;
  versions: { modelId: string; version: number }[];
}

const query = /* sql */ `
select v.project_id::text as "projectId", json_agg(json_build_object('modelId', v.model_id::text, 'version', v.version)) as versions
from app.model_version v
where v.state = 'live' and v.published_at > clock_timestamp() - make_interval(secs => $1)
group by v.project_id`;

/** By project. @param withinSeconds how long ago they were published at most */
export const listFreshPublications = (sql: Sql, withinSeconds: number): Promise<FreshPublication[]> =>
  sql.rows<FreshPublication & Record<string, unknown>>(query, [withinSeconds]);
