/** Lets a pinned or shadowed model go on from the version it shows: it is owed whatever that version lacks. */
import type { InputVector } from '@freshet/domain';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

export interface FreedModel {
  modelId: string;
  projectId: string;
  /** What the version it shows counts as built from; null: nothing was ever published, so everything is owed. */
  vector: InputVector | null;
}

// A build may have been found equal to the published version: then that version contains what the build contained.
const storeVector = `update app.model_version set vector = $2 where model_id = $1 and state = 'live'`;
const free = /* sql */ `
update app.data_model set pinned_version = null, built_vector = $2, owed_since = null where id = $1`;

/** In the transaction that holds the model's row; the last thing it does. */
export const freeModel = async (sql: Sql, { modelId, projectId, vector }: FreedModel): Promise<void> => {
  const stored = vector && JSON.stringify(vector);
  if (stored) await sql.rows(storeVector, [modelId, stored]);
  await sql.rows(free, [modelId, stored]);
  await askDispatch(sql, projectId);
  await emitEvents(sql, projectId, [
    { name: 'resource:changed', payload: { kind: 'model', id: modelId, deleted: false } },
  ]);
};
