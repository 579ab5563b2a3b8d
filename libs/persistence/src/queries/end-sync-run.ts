/** Ends a sync run: its counts, its source's state, and the cascade planned from what changed. */
import type { Fault, Records, SyncRunStatus } from '@freshet/contracts';
import type { Sql } from '../sql';
import { askDispatch, emitEvents, type NewEvent } from './emit-events';

export interface EndedRun {
  organizationId: string;
  projectId: string;
  sourceId: string;
  records: Records;
  /** Streams whose revision this run moved. */
  changedStreams: string[];
}

/** A stream whose readers have to wait for a person, and the sentence that says why (spec SY14). */
export interface HeldStream {
  streamId: string;
  why: string;
}

/** How a run ended, what went wrong if it failed, and what looks wrong although it went well. */
export type SyncEnd =
  | { status: Extract<SyncRunStatus, 'completed'>; held?: readonly HeldStream[]; error?: undefined }
  | { status: Extract<SyncRunStatus, 'cancelled'>; error?: undefined; held?: undefined }
  | { status: 'failed'; error: Fault; held?: undefined };

const endRun = /* sql */ `
update app.sync_run r
set status = $3, completed_at = clock_timestamp(), lease_until = null, error = $4, waiting_since = null, held = $5,
    progress = case when $3 = 'completed' then 1 else progress end, current_stream = null,
    rows_read = greatest(rows_read, c.inserted + c.updated + c.unchanged + c.rejected),
    inserted = c.inserted, updated = c.updated, unchanged = c.unchanged, deleted = c.deleted, rejected = c.rejected
from (
  select coalesce(sum(inserted), 0)::bigint as inserted, coalesce(sum(updated), 0)::bigint as updated,
    coalesce(sum(unchanged), 0)::bigint as unchanged, coalesce(sum(deleted), 0)::bigint as deleted,
    coalesce(sum(rejected), 0)::bigint as rejected
  from app.sync_run_stream where run_id = $1) c
where r.id = $1 and r.attempt = $2 and r.status = 'running'
returning r.organization_id as "organizationId", r.project_id as "projectId", r.source_id as "sourceId",
  c.inserted::float8 as inserted, c.updated::float8 as updated, c.unchanged::float8 as unchanged,
  c.deleted::float8 as deleted, c.rejected::float8 as rejected`;

const endStreams = /* sql */ `
update app.sync_run_stream
set status = case when status = 'completed' then status else $2 end, completed_at = clock_timestamp()
where run_id = $1
returning stream_id, to_revision > from_revision as changed`;

const releaseSource = /* sql */ `
update app.data_source
set syncing_until = null, last_error = $3, last_sync_at = case when $2 = 'completed' then clock_timestamp() else last_sync_at end
where id = $1`;

const holdStreams = /* sql */ `
with held as (
  update app.sync_run_stream x set held_why = h.why
  from jsonb_to_recordset($2::jsonb) as h("streamId" bigint, why text)
  where x.run_id = $1 and x.stream_id = h."streamId" returning x.stream_id)
update app.stream s set held = true from held where s.id = held.stream_id`;

/** In a transaction. @returns null when the run is no longer ours */
export const endSyncRun = async (
  sql: Sql,
  runId: string,
  attempt: number,
  end: SyncEnd,
): Promise<EndedRun | null> => {
  const held = end.held ?? [];
  const error = end.error ? JSON.stringify(end.error) : null;
  const [run] = await sql.rows<EndRow>(endRun, [runId, attempt, end.status, error, held.length > 0]);
  if (!run) return null;
  const streams = await sql.rows<{ stream_id: string; changed: boolean }>(endStreams, [runId, end.status]);
  if (held.length) await sql.rows(holdStreams, [runId, JSON.stringify(held)]);
  await sql.rows(releaseSource, [run.sourceId, end.status, error]);
  const { organizationId, projectId, sourceId, ...records } = run;
  const changedStreams = streams.filter(({ changed }) => changed).map(({ stream_id }) => stream_id);
  return { organizationId, projectId, sourceId, records, changedStreams };
};

type EndRow = Records & { organizationId: string; projectId: string; sourceId: string };

/** Has the models below dispatched and tells the room; call it last. */
export const announceSyncEnd = async (
  sql: Sql,
  runId: string,
  run: EndedRun,
  { status, held = [] }: SyncEnd,
): Promise<void> => {
  const payload = { sourceId: run.sourceId, runId };
  const event: NewEvent =
    status === 'completed'
      ? { name: 'sync:completed', payload: { ...payload, changed: run.changedStreams.length > 0 } }
      : { name: status === 'failed' ? 'sync:failed' : 'sync:cancelled', payload };
  await askDispatch(sql, run.projectId);
  const events: NewEvent[] = held.length ? [event, { name: 'sync:held', payload }] : [event];
  await emitEvents(sql, run.projectId, events);
};
