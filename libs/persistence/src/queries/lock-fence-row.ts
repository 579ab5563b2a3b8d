/** The model as the publishing transaction finds it, locked, so that nothing moves between the decision and the pointer. */
import type { FenceRow } from '@freshet/domain';
import type { Sql } from '../sql';

const query = /* sql */ `
select deleted_at is not null as deleted, definition_revision as "definitionRevision", pinned_version as "pinnedVersion",
  mode, published_version as "publishedVersion", last_finished_attempt as "lastFinishedAttempt",
  exists (select from app.model_input i join app.stream s on i.kind = 't' and s.id = i.input_id
    where i.model_id = $1 and s.held) as "inputHeld"
from app.data_model where id = $1 for update`;

export const lockFenceRow = async (sql: Sql, modelId: string): Promise<FenceRow | null> =>
  (await sql.rows<FenceRow & Record<string, unknown>>(query, [modelId]))[0] ?? null;
