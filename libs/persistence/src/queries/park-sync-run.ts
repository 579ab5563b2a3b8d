/** Sets a run aside with all it has read: until its vendor's quota is back, or for another run of its source (spec SY2, SY6). */
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';
import { givesWay } from './run-order';

interface Ours {
  id: string;
  attempt: number;
}

const lockOurs = /* sql */ `
select waiting_since as "waitingSince" from app.sync_run
where id = $1 and attempt = $2 and status = 'running' and not cancel_requested for update`;

const park = /* sql */ `
update app.sync_run
set status = 'waiting', waiting_until = $2, waiting_since = $3, lease_until = null, current_stream = null
where id = $1
returning project_id as "projectId", source_id as "sourceId"`;

const requeue = /* sql */ `
update app.sync_run set status = 'queued', waiting_since = null, lease_until = null, current_stream = null
where id = $1 and attempt = $2 and status = 'running' and not cancel_requested
returning project_id as "projectId", source_id as "sourceId"`;

const restStreams = `update app.sync_run_stream set status = $2 where run_id = $1 and status <> 'completed'`;
const freeSource = `update app.data_source set syncing_until = null where id = $1`;

export interface Parking {
  until: Date;
  now: Date;
  /** Whether this attempt committed anything: the wait then begins anew. */
  gotOn: boolean;
}

export type Parked = 'parked' | 'lost' | { waitsSince: Date };

/**
 * In a transaction. What is committed so far is dispatched.
 * @returns `lost` when the run is another's or was cancelled, and since when it has waited if that became longer than `mostMs`
 */
export const parkSyncRun = async (
  sql: Sql,
  run: Ours,
  { until, now, gotOn }: Parking,
  mostMs: number,
): Promise<Parked> => {
  const [ours] = await sql.rows<{ waitingSince: Date | null }>(lockOurs, [run.id, run.attempt]);
  if (!ours) return 'lost';
  const waitsSince = gotOn ? now : (ours.waitingSince ?? now);
  if (until.getTime() - waitsSince.getTime() > mostMs) return { waitsSince };
  const [parked] = await sql.rows<Place>(park, [run.id, until, waitsSince]);
  await sql.rows(restStreams, [run.id, 'waiting']);
  await free(sql, run.id, parked, (payload) => ({
    name: 'sync:waiting' as const,
    payload: { ...payload, until: until.toISOString() },
  }));
  return 'parked';
};

/** In a transaction. Back into the queue; its turn comes after the run that it makes room for. @returns false when it is another's */
export const giveWay = async (sql: Sql, run: Ours): Promise<boolean> => {
  const [queued] = await sql.rows<Place>(requeue, [run.id, run.attempt]);
  if (!queued) return false;
  await sql.rows(restStreams, [run.id, 'queued']);
  await free(sql, run.id, queued, (payload) => ({ name: 'sync:queued' as const, payload }));
  return true;
};

/** Whether a run that gives way has somebody to give way to. */
export const isAwaited = async (sql: Sql, { sourceId }: { sourceId: string }): Promise<boolean> => {
  const query = `select 1 from app.sync_run o where source_id = $1 and status = 'queued' and not ${givesWay('o')} limit 1`;
  return (await sql.rows(query, [sourceId])).length > 0;
};

interface Place {
  projectId: string;
  sourceId: string;
  [column: string]: unknown;
}

const free = async (
  sql: Sql,
  runId: string,
  place: Place | undefined,
  event: (payload: { sourceId: string; runId: string }) => Parameters<typeof emitEvents>[2][number],
): Promise<void> => {
  if (!place) return;
  await sql.rows(freeSource, [place.sourceId]);
  await askDispatch(sql, place.projectId);
  await emitEvents(sql, place.projectId, [event({ sourceId: place.sourceId, runId })]);
};
