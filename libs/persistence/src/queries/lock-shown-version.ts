/** What a model's view for outside tools has to show, with the model locked, so that nothing is published meanwhile. */
import type { Sql } from '../sql';

export interface ShownVersion {
  projectId: string;
  name: string;
  /** 0 before the first build. */
  version: number;
  /** Whether there is to be such a view at all. */
  stableView: boolean;
}

const query = /* sql */ `
select project_id::text as "projectId", name, published_version as version, stable_view and deleted_at is null as "stableView"
from app.data_model where id = $1 for update`;

/** In a transaction. @returns null for a model that never was */
export const lockShownVersion = async (sql: Sql, modelId: string): Promise<ShownVersion | null> =>
  (await sql.rows<ShownVersion & Record<string, unknown>>(query, [modelId]))[0] ?? null;
