/** Cancels a refresh: one that only waits ends at once, a running one is told to stop. */
import { channels } from '@freshet/contracts';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

const query = /* sql */ `
update app.refresh
set cancel_requested = true,
    status = case when status = 'QUEUED' then 'CANCELLED' else status end,
    completed_at = case when status = 'QUEUED' then clock_timestamp() else completed_at end
where id = $1 and status in ('QUEUED', 'RUNNING')
returning project_id as "projectId", model_id as "modelId", status`;

/** The ask is taken back too: without it the model would still be owed by its forced-refresh counter. */
const takeBack = `update app.data_model set forced = (built_vector ->> 'f')::integer where id = $1 and built_vector is not null`;

const endItems = `update app.cascade_item set state = 'skipped', why = 'Somebody cancelled it.' where refresh_id = $1 and state in ('waiting', 'running')`;

/** In a transaction. Does nothing to a refresh that has ended. */
export const cancelRefresh = async (sql: Sql, refreshId: string): Promise<void> => {
  const [refresh] = await sql.rows<{ projectId: string; modelId: string; status: string }>(query, [
    refreshId,
  ]);
  if (!refresh) return;
  await sql.rows(takeBack, [refresh.modelId]);
  await askDispatch(sql, refresh.projectId);
  await sql.rows(`select pg_notify('${channels.cancel}', $1)`, [JSON.stringify({ refreshId })]);
  if (refresh.status !== 'CANCELLED') return;
  await sql.rows(endItems, [refreshId]);
  await emitEvents(sql, refresh.projectId, [
    { name: 'model:refresh:cancelled', payload: { modelId: refresh.modelId, refreshId } },
  ]);
};
