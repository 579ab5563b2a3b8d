/** Takes back candidates that can't be published any more: their models count as built from what readers see. */
import type { SetMember } from '@freshet/domain';
import type { Sql } from '../sql';

const drop = /* sql */ `
with lost as (
  select m.id, m.candidate_version as version
  from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, version integer)
  join app.data_model m on m.id = e."modelId" and m.candidate_version = e.version
  order by m.id for update of m
), retired as (
  update app.model_version v set state = 'retired', retired_at = clock_timestamp()
  from lost where v.model_id = lost.id and v.version = lost.version and v.state = 'candidate'
)
update app.data_model m
set candidate_version = null, owed_since = null,
  built_vector = (select v.vector from app.model_version v where v.model_id = m.id and v.version = m.published_version)
from lost where m.id = lost.id`;

/** In a transaction. One that was replaced since the plan was made stays. */
export const dropCandidates = async (sql: Sql, members: readonly SetMember[]): Promise<void> => {
  if (members.length) await sql.rows(drop, [JSON.stringify(members)]);
};
