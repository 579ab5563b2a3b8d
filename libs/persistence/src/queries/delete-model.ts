/** Takes a model away: what waits of its refreshes ends, its versions are left to the sweeper. */
import { channels } from '@freshet/contracts';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

const endQueued = /* sql */ `
update app.refresh set status = 'CANCELLED', completed_at = clock_timestamp(), why = 'The model was deleted.'
where model_id = $1 and status = 'QUEUED'`;
const stopRunning = /* sql */ `
update app.refresh set cancel_requested = true where model_id = $1 and status = 'RUNNING' returning id::text`;
const endItems = /* sql */ `
update app.cascade_item set state = 'skipped', why = 'The model was deleted.' where model_id = $1 and state = 'waiting'`;
const retire = /* sql */ `
update app.model_version set state = 'retired', retired_at = clock_timestamp() where model_id = $1 and state = 'live'`;
const mark = `update app.data_model set deleted_at = clock_timestamp() where id = $1`;

/** In a transaction. */
export const deleteModel = async (sql: Sql, model: { id: string; projectId: string }): Promise<void> => {
  await sql.rows(mark, [model.id]);
  await sql.rows(endQueued, [model.id]);
  for (const { id } of await sql.rows<{ id: string }>(stopRunning, [model.id]))
    await sql.rows(`select pg_notify('${channels.cancel}', $1)`, [JSON.stringify({ refreshId: id })]);
  await sql.rows(endItems, [model.id]);
  await sql.rows(retire, [model.id]);
  await askDispatch(sql, model.projectId);
  await emitEvents(sql, model.projectId, [
    { name: 'resource:changed', payload: { kind: 'model', id: model.id, deleted: true } },
  ]);
};
