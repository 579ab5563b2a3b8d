/** Moves a model's pointer to a version that was built before: no data is touched, so it takes the same time for any size. */
import type { InputVector } from '@freshet/domain';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

export interface StoredPublication {
  modelId: string;
  projectId: string;
  version: number;
  /** Which refresh built it. */
  refreshId: string;
  /** Whether it stays until somebody releases it, whatever is built meanwhile. */
  pin: boolean;
  /**
   * What the model counts as built from, from here on: of an unpinned model that is what its published version was built
   * from, else it would not be owed what it lacks. null: stays as it is.
   */
  builtVector: InputVector | null;
}

const retireLive = /* sql */ `
update app.model_version set state = 'retired', retired_at = clock_timestamp() where model_id = $1 and state = 'live' and version <> $2`;
/** A candidate of the model would be published with its set; now it is one more build that readers don't see. */
const keepCandidate = /* sql */ `
update app.model_version set state = 'shadow' where model_id = $1 and state = 'candidate' and version <> $2`;
const makeLive = /* sql */ `
update app.model_version set state = 'live', retired_at = null, published_at = coalesce(published_at, clock_timestamp())
where model_id = $1 and version = $2`;
// An earlier attempt that comes back late must not publish over it.
const movePointer = /* sql */ `
update app.data_model
set published_version = $2::int, pinned_version = case when $3::boolean then $2::int end, candidate_version = null,
  last_finished_attempt = greatest(last_finished_attempt, $2::int),
  built_vector = coalesce($4::jsonb, built_vector), owed_since = null
where id = $1`;

/** In the transaction that holds the model's row; the last thing it does. */
export const publishStoredVersion = async (sql: Sql, publication: StoredPublication): Promise<void> => {
  const { modelId, projectId, version, refreshId, pin, builtVector } = publication;
  await sql.rows(retireLive, [modelId, version]);
  await sql.rows(keepCandidate, [modelId, version]);
  await sql.rows(makeLive, [modelId, version]);
  await sql.rows(movePointer, [modelId, version, pin, builtVector && JSON.stringify(builtVector)]);
  await askDispatch(sql, projectId);
  const cause = { refreshId, sourceId: null, cascadeId: null };
  await emitEvents(sql, projectId, [
    { name: 'model:published', payload: { modelId, version, cause } },
    { name: 'resource:changed', payload: { kind: 'model', id: modelId, deleted: false } },
  ]);
};
