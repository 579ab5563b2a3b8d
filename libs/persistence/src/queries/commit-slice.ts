/** The control plane's half of a slice: pointer, revision, checkpoint and counts, in the transaction of its rows (spec SY4). */
import type { Column, Records } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface LockedStream {
  generation: number;
  revision: number;
  columns: Column[];
  checkpoint: Record<string, unknown> | null;
  rowCount: number;
  bytes: number;
}

/** To be called after the table's advisory lock was taken: what it answers stays true until the transaction ends. */
export const readStreamPointer = async (sql: Sql, streamId: string): Promise<LockedStream | null> => {
  const [row] = await sql.rows<LockedStream & Record<string, unknown>>(
    `select generation, revision::float8 as revision, columns, checkpoint,
       row_count::float8 as "rowCount", bytes::float8 as bytes
     from app.stream where id = $1 and deleted_at is null for update`,
    [streamId],
  );
  return row ?? null;
};

export interface CommittedSlice {
  runId: string;
  /** The claim's attempt; a run taken over by another process may not commit any more. */
  attempt: number;
  streamId: string;
  /** Of the rows that the table has now. */
  shape: number;
  /** Whether a row, a column or the table itself changed: only then the revision goes up. */
  changed: boolean;
  generation: number;
  columns: Column[];
  checkpoint: Record<string, unknown> | null;
  rowCount: number;
  bytes: number;
  records: Records;
  /** Rows the source sent. */
  received: number;
  /** How far a run is that reads days of its own choice; null for others. */
  state: Record<string, unknown> | null;
  /** All that people should know about the rows this run brought so far. */
  warnings: readonly string[];
  retiredTable: string | null;
}

const stillOurs = `select 1 from app.sync_run where id = $1 and attempt = $2 and status = 'running' for update`;

const moveStream = /* sql */ `
update app.stream
set generation = $2, columns = $3, checkpoint = $4, row_count = $5, bytes = $6,
    warnings = $8, loaded_shape = $9, revision = revision + $7::int, changed_at = case when $7::int = 1 then clock_timestamp() else changed_at end
where id = $1
returning organization_id, project_id, revision::float8 as revision`;

const countStream = /* sql */ `
insert into app.sync_run_stream as s
  (run_id, stream_id, organization_id, status, from_revision, to_revision, inserted, updated, unchanged, deleted, rejected,
   received, state, warnings, slices)
values ($1, $2, $3, 'running', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)
on conflict (run_id, stream_id) do update
set status = excluded.status, to_revision = excluded.to_revision, inserted = s.inserted + excluded.inserted,
    updated = s.updated + excluded.updated, unchanged = s.unchanged + excluded.unchanged, deleted = s.deleted + excluded.deleted,
    rejected = s.rejected + excluded.rejected, received = s.received + excluded.received, state = excluded.state,
    warnings = excluded.warnings, slices = s.slices + 1`;

const retire = `insert into app.retired_table (organization_id, project_id, table_name) values ($1, $2, $3)`;

/** @returns the stream's revision now, or null when the run is no longer ours: roll back */
export const commitSlice = async (sql: Sql, slice: CommittedSlice): Promise<number | null> => {
  const [ours] = await sql.rows(stillOurs, [slice.runId, slice.attempt]);
  if (!ours) return null;
  const step = slice.changed ? 1 : 0;
  const [stream] = await sql.rows<{ organization_id: string; project_id: string; revision: number }>(moveStream, [
    slice.streamId, slice.generation, JSON.stringify(slice.columns), JSON.stringify(slice.checkpoint),
    slice.rowCount, slice.bytes, step, JSON.stringify(slice.warnings),
    slice.shape,
  ]); // prettier-ignore
  if (!stream) return null;
  const { inserted, updated, unchanged, deleted, rejected } = slice.records;
  await sql.rows(countStream, [
    slice.runId, slice.streamId, stream.organization_id, stream.revision - step, stream.revision,
    inserted, updated, unchanged, deleted, rejected, slice.received, slice.state && JSON.stringify(slice.state),
    JSON.stringify(slice.warnings),
  ]); // prettier-ignore
  if (slice.retiredTable)
    await sql.rows(retire, [stream.organization_id, stream.project_id, slice.retiredTable]);
  return stream.revision;
};
