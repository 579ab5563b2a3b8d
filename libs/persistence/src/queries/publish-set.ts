/** Moves the pointers of the members of sets to their candidates, all in the caller's transaction. */
import type { SetMember } from '@freshet/domain';
import type { Sql } from '../sql';
import { emitEvents, type NewEvent } from './emit-events';

const retireLive = /* sql */ `
update app.model_version set state = 'retired', retired_at = clock_timestamp()
where model_id = any($1::bigint[]) and state = 'live'`;

const makeLive = /* sql */ `
update app.model_version v set state = 'live', published_at = clock_timestamp(), retired_at = null
from app.data_model m where m.id = any($1::bigint[]) and v.model_id = m.id and v.version = m.candidate_version`;

const movePointers = /* sql */ `
update app.data_model
set published_version = candidate_version, candidate_version = null, owed_since = null
where id = any($1::bigint[])`;

const endItems = /* sql */ `
update app.cascade_item
set state = 'published', published_at = clock_timestamp(), why = $2
where model_id = any($1::bigint[]) and state = 'built'`;

const tellRefreshes = /* sql */ `
update app.refresh r set published = true
from app.data_model m join app.model_version v on v.model_id = m.id and v.version = m.published_version
where m.id = any($1::bigint[]) and r.id = v.refresh_id
returning m.id::text as "modelId", m.project_id::text as "projectId", v.version, r.id::text as "refreshId",
  r.source_id::text as "sourceId", r.cascade_id::text as "cascadeId"`;

type Published = {
  modelId: string;
  projectId: string;
  version: number;
  refreshId: string;
  sourceId: string | null;
  cascadeId: string | null;
};

/** In the transaction that holds the members' rows (`lockSetRows`), after their fence; the last thing it does. */
export const publishSets = async (sql: Sql, sets: readonly { members: SetMember[] }[]): Promise<void> => {
  const ids = sets.flatMap(({ members }) => members.map(({ modelId }) => modelId));
  for (const statement of [retireLive, makeLive, movePointers]) await sql.rows(statement, [ids]);
  for (const { members } of sets) {
    await sql.rows(endItems, [members.map(({ modelId }) => modelId), sentenceOf(members.length)]);
  }
  const published = await sql.rows<Published>(tellRefreshes, [ids]);
  const byProject = Map.groupBy(published, ({ projectId }) => projectId);
  for (const projectId of [...byProject.keys()].sort((a, b) => Number(a) - Number(b))) {
    await emitEvents(sql, projectId, (byProject.get(projectId) ?? []).map(eventOf));
  }
};

const sentenceOf = (members: number): string =>
  members === 1
    ? 'A new version was published.'
    : `A new version was published, together with ${members === 2 ? 'one other' : `${members - 1} others`}.`;

const eventOf = ({ modelId, version, refreshId, sourceId, cascadeId }: Published): NewEvent => ({
  name: 'model:published',
  payload: { modelId, version, cause: { refreshId, sourceId, cascadeId } },
});
