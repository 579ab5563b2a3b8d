/** The model as the publishing transaction finds it, locked, so that nothing moves between the decision and the pointer. */
import type { PublishMode } from '@freshet/contracts';
import type { FenceRow } from '@freshet/domain';
import type { Sql } from '../sql';

export interface LockedModel extends FenceRow {
  publishMode: PublishMode;
  /** Built and waiting for the others of its set; null: none. */
  candidateVersion: number | null;
  /** Somebody wants this refresh stopped: once that was answered, it may not publish any more. */
  cancelRequested: boolean;
}

const query = /* sql */ `
select m.deleted_at is not null as deleted, m.definition_revision as "definitionRevision", m.pinned_version as "pinnedVersion",
  -- a shadow mode that has ended counts no more, even before somebody has written that down
  case when m.mode = 'shadow' and (m.shadow_until is null or m.shadow_until > clock_timestamp()) then 'shadow' else 'live' end as mode,
  m.published_version as "publishedVersion", m.last_finished_attempt as "lastFinishedAttempt",
  m.candidate_version as "candidateVersion",
  (select p.publish_mode from app.project p where p.id = m.project_id) as "publishMode",
  exists (select from app.model_input i join app.stream s on i.kind = 't' and s.id = i.input_id
    where i.model_id = m.id and s.held) as "inputHeld",
  exists (select from app.refresh r where r.id = $2 and r.cancel_requested) as "cancelRequested"
from app.data_model m where m.id = $1 for update of m`;

export const lockFenceRow = async (
  sql: Sql,
  modelId: string,
  refreshId: string,
): Promise<LockedModel | null> =>
  (await sql.rows<LockedModel & Record<string, unknown>>(query, [modelId, refreshId]))[0] ?? null;
