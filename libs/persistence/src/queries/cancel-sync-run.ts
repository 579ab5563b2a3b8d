/** Cancels a sync run: one that only waits ends at once, a running one is told to stop at its next slice. */
import { channels } from '@freshet/contracts';
import type { Sql } from '../sql';
import { emitEvents } from './emit-events';

const query = /* sql */ `
update app.sync_run
set cancel_requested = true,
    status = case when status in ('queued', 'waiting') then 'cancelled' else status end,
    completed_at = case when status in ('queued', 'waiting') then clock_timestamp() else completed_at end
where id = $1 and status in ('queued', 'running', 'waiting')
returning project_id as "projectId", source_id as "sourceId", status`;

const endStreams = /* sql */ `
update app.sync_run_stream
set status = case when status = 'completed' then status else 'cancelled' end, completed_at = clock_timestamp() where run_id = $1`;

const running = `select id::text from app.sync_run where source_id = $1 and status = 'running'`;

/** In a transaction: those that wait begin with what the source is by then. */
export const cancelRunningSync = async (sql: Sql, sourceId: string): Promise<void> => {
  for (const { id } of await sql.rows<{ id: string }>(running, [sourceId])) await cancelSyncRun(sql, id);
};

/** In a transaction. Does nothing to a run that has ended. */
export const cancelSyncRun = async (sql: Sql, runId: string): Promise<void> => {
  const [run] = await sql.rows<{ projectId: string; sourceId: string; status: string }>(query, [runId]);
  if (!run) return;
  if (run.status === 'cancelled') await sql.rows(endStreams, [runId]);
  await sql.rows(`select pg_notify('${channels.cancel}', $1)`, [JSON.stringify({ runId })]);
  if (run.status === 'cancelled') {
    await emitEvents(sql, run.projectId, [
      { name: 'sync:cancelled', payload: { sourceId: run.sourceId, runId } },
    ]);
  }
};
