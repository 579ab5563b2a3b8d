/** The members of sets as the publishing transaction finds them, all locked, so that nothing moves between decision and pointers. */
import type { SetMember, SetRow } from '@freshet/domain';
import type { Sql } from '../sql';

// In the order of ids, as everything that locks several models does.
const query = /* sql */ `
select m.id::text, m.deleted_at is not null as deleted, m.definition_revision as "definitionRevision", m.paused,
  m.pinned_version as "pinnedVersion",
  case when m.mode = 'shadow' and (m.shadow_until is null or m.shadow_until > clock_timestamp()) then 'shadow' else 'live' end as mode,
  (select p.publish_mode from app.project p where p.id = m.project_id) as "publishMode",
  m.published_version as "publishedVersion", m.candidate_version as "candidateVersion",
  m.last_finished_attempt as "lastFinishedAttempt",
  (select v.vector from app.model_version v where v.model_id = m.id and v.version = m.candidate_version) as "candidateVector",
  exists (select from app.model_input i join app.stream s on i.kind = 't' and s.id = i.input_id
    where i.model_id = m.id and s.held) as "inputHeld"
from app.data_model m where m.id = any($1::bigint[]) order by m.id for update of m`;

/** In the order of `members`. */
export const lockSetRows = async (sql: Sql, members: readonly SetMember[]): Promise<SetRow[]> => {
  const found = await sql.rows<NonNullable<SetRow['row']> & { id: string } & Record<string, unknown>>(query, [
    members.map(({ modelId }) => modelId),
  ]);
  return members.map((member) => ({ member, row: found.find(({ id }) => id === member.modelId) ?? null }));
};
