/** Lets a held run through: its tables are free again, unless another held run changed them too. */
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

const releaseRun = /* sql */ `
update app.sync_run set held = false where id = $1 and held
returning project_id::text as "projectId", source_id::text as "sourceId", organization_id::text as "organizationId"`;

const releaseStreams = /* sql */ `
update app.stream s set held = false
where s.held and s.id in (select x.stream_id from app.sync_run_stream x where x.run_id = $1)
  and not exists (
    select from app.sync_run r join app.sync_run_stream x on x.run_id = r.id
    where r.held and x.stream_id = s.id and x.held_why is not null)
returning s.name`;

export interface ReleasedRun {
  organizationId: string;
  projectId: string;
  sourceId: string;
  /** Names of the streams that may be read again. */
  streams: string[];
}

/** In a transaction. @returns null for a run that is not held */
export const releaseSyncRun = async (sql: Sql, runId: string): Promise<ReleasedRun | null> => {
  const [run] = await sql.rows<Omit<ReleasedRun, 'streams'>>(releaseRun, [runId]);
  if (!run) return null;
  const streams = await sql.rows<{ name: string }>(releaseStreams, [runId]);
  return { ...run, streams: streams.map(({ name }) => name) };
};

/** Has what reads the tables dispatched, and tells the room; the last thing its transaction does. */
export const announceRelease = async (sql: Sql, { projectId, sourceId }: ReleasedRun): Promise<void> => {
  await askDispatch(sql, projectId);
  await emitEvents(sql, projectId, [
    { name: 'resource:changed', payload: { kind: 'source', id: sourceId, deleted: false } },
  ]);
};
