/** Models that tools outside read by a view of their own name, and the version each view has to show. */
import type { Sql } from '../sql';

export interface WantedView {
  modelId: string;
  projectId: string;
  name: string;
  version: number;
}

const query = /* sql */ `
select id::text as "modelId", project_id::text as "projectId", name, published_version as version
from app.data_model
where stable_view and deleted_at is null and published_version > 0 and ($1::bigint is null or id = $1)
order by project_id, id`;

/** @param modelId only that of this model */
export const findStableViews = (sql: Sql, modelId: string | null = null): Promise<WantedView[]> =>
  sql.rows<WantedView & Record<string, unknown>>(query, [modelId]);
