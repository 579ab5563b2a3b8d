/**
 * Publishes what a project's models wait with for their sets, when the project goes over to publishing each by itself.
 * What may not be published as it is, is owed instead.
 */
import type { Sql } from '../sql';
import { emitEvents, type NewEvent } from './emit-events';

// In the order of ids, as everything that locks several models does.
const lock = /* sql */ `
select m.id::text, m.candidate_version as version, v.refresh_id::text as "refreshId",
  m.deleted_at is null and m.pinned_version is null and m.mode = 'live' and (v.vector ->> 'd')::int = m.definition_revision
    and not exists (
      select from app.model_input i join app.stream s on i.kind = 't' and s.id = i.input_id where i.model_id = m.id and s.held
    ) as "mayPublish"
from app.data_model m join app.model_version v on v.model_id = m.id and v.version = m.candidate_version
where m.project_id = $1 and m.candidate_version is not null
order by m.id for update of m`;

const retireLive = /* sql */ `
update app.model_version set state = 'retired', retired_at = clock_timestamp() where model_id = any($1::bigint[]) and state = 'live'`;
const makeLive = /* sql */ `
update app.model_version v set state = 'live', published_at = clock_timestamp()
from app.data_model m where m.id = any($1::bigint[]) and v.model_id = m.id and v.version = m.candidate_version`;
const movePointers = /* sql */ `
update app.data_model set published_version = candidate_version, candidate_version = null where id = any($1::bigint[])`;

const dropCandidates = /* sql */ `
update app.model_version set state = 'retired', retired_at = clock_timestamp() where model_id = any($1::bigint[]) and state = 'candidate'`;
const oweAnew = /* sql */ `
update app.data_model m
set candidate_version = null,
  built_vector = (select v.vector from app.model_version v where v.model_id = m.id and v.version = m.published_version)
where m.id = any($1::bigint[])`;

/** In a transaction that has not locked the project. */
export const publishCandidates = async (sql: Sql, projectId: string): Promise<void> => {
  const found = await sql.rows<{ id: string; version: number; refreshId: string; mayPublish: boolean }>(
    lock,
    [projectId],
  );
  const ready = found.filter(({ mayPublish }) => mayPublish);
  const [published, dropped] = [ready, found.filter(({ mayPublish }) => !mayPublish)].map((models) =>
    models.map(({ id }) => id),
  );
  for (const statement of [retireLive, makeLive, movePointers]) await sql.rows(statement, [published]);
  for (const statement of [dropCandidates, oweAnew]) await sql.rows(statement, [dropped]);
  await emitEvents(
    sql,
    projectId,
    ready.map(({ id, version, refreshId }): NewEvent => {
      const cause = { refreshId, sourceId: null, cascadeId: null };
      return { name: 'model:published', payload: { modelId: id, version, cause } };
    }),
  );
};
