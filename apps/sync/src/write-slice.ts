/** Commits one part of a stream in one short transaction: rows, revision, checkpoint, counts, rejects, archived pages (spec SY3, SY4). */
import { Inject, Injectable } from '@nestjs/common';
import { defaults, FreshetError, noRecords, type LoadMode, type Records } from '@freshet/contracts';
import {
  commitSlice,
  ControlPlane,
  readStreamPointer,
  storeRejects,
  type LockedStream,
  type Sql,
} from '@freshet/persistence';
import { failpoint } from '@freshet/service-kit';
import {
  loadSlice,
  lockStreamTable,
  projectSchema,
  streamTable,
  tableSize,
  type RejectedRow,
  type SliceResult,
} from '@freshet/warehouse';
import type { PoolClient } from 'pg';
import { addNewColumns, addsColumns, prepareTable, sameColumns } from './prepare-table';
import type { Part } from './read-parts';
import { windowOn, type Days } from './slice-window';
import type { StreamLoad } from './stream-load';

export interface SliceToWrite {
  part: Part;
  mode: LoadMode;
  /** For `replace-window`: whose rows are replaced. */
  days: Days | null;
  /** What is remembered with the rows; called when they are all read, so many. `state` belongs to the run alone. */
  remember(pointer: LockedStream, rows: number): Remembered;
  /** Share of the stream that is read with this part, or null while its size is unknown. */
  share(): number | null;
  /** Written with the rows. */
  beside?(sql: Sql): Promise<void>;
}

export interface Remembered {
  checkpoint: Record<string, unknown> | null;
  state: Record<string, unknown> | null;
}

export interface Written extends Outcome, Remembered {}

/** Another process goes on with the run: this one may not write any more. */
export class TakenOver extends Error {}

@Injectable()
export class WriteSlice {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  async write(load: StreamLoad, slice: SliceToWrite): Promise<Written> {
    if (!slice.part.notModified) await this.addNewColumns(load, slice.part);
    const written = await this.plane
      .systemTransaction((sql, client) => this.commit(load, slice, sql, client))
      .catch((error: unknown) => this.keepSample(load, error));
    await failpoint('load.after-commit');
    const { received, records, columns, checkpoint } = written;
    load.tally.committed(load.stream.id, { received, rejected: records.rejected });
    load.stream = { ...load.stream, columns, checkpoint, generation: written.generation, anew: false };
    return written;
  }

  /** In a short transaction of their own: readers wait while a table's columns change, so they must not wait for a load. */
  private async addNewColumns({ run, stream }: StreamLoad, { columns: incoming }: Part): Promise<void> {
    if (!addsColumns(stream.columns, incoming)) return;
    await this.plane.systemTransaction(async (sql, client) => {
      await lockStreamTable(client, stream.id);
      const pointer = await readStreamPointer(sql, stream.id);
      if (pointer) await addNewColumns(client, { projectId: run.projectId, stream, pointer, incoming });
    });
  }

  private async commit(
    load: StreamLoad,
    slice: SliceToWrite,
    sql: Sql,
    client: PoolClient,
  ): Promise<Written> {
    const { run, stream, lease, tally } = load;
    if (stream.generation > 0) await client.query(compressWal);
    await lockStreamTable(client, stream.id);
    const pointer = await readStreamPointer(sql, stream.id);
    if (!pointer)
      throw new FreshetError('not_found', `The stream ${stream.name} was deleted while it was synced.`);
    const outcome = slice.part.notModified
      ? unchanged(pointer)
      : await this.load(load, slice, pointer, client);
    tally.check({ received: outcome.received, rejected: outcome.records.rejected }, outcome.rejects);
    await failpoint('load.before-commit');
    const remembered = slice.remember(pointer, outcome.received);
    const warnings = [...new Set([...stream.sofar.warnings, ...slice.part.warnings])].slice(0, keptWarnings);
    const revision = await commitSlice(sql, {
      runId: run.id,
      attempt: run.attempt,
      streamId: stream.id,
      shape: stream.shape,
      ...outcome,
      ...remembered,
      warnings,
    });
    if (revision === null) throw new TakenOver('The run was taken over by another process.');
    await storeRejects(sql, run.id, stream.id, outcome.rejects);
    await slice.beside?.(sql);
    stream.sofar.warnings = warnings;
    lease.committed(outcome.received, slice.share());
    return { ...outcome, ...remembered };
  }

  /** Of a slice that is rolled back for its rejects, some are kept: somebody has to see what is wrong with them. */
  private async keepSample({ run, stream }: StreamLoad, error: unknown): Promise<never> {
    if (error instanceof FreshetError && error.code === 'too_many_rejects') {
      const sample = (error.details.extra?.['rejects'] ?? []) as RejectedRow[];
      await storeRejects(this.plane.system, run.id, stream.id, sample);
    }
    throw error;
  }

  private async load(
    load: StreamLoad,
    { part, mode, days, share }: SliceToWrite,
    pointer: LockedStream,
    client: PoolClient,
  ): Promise<Outcome> {
    const { run, stream, lease, account } = load;
    const { projectId } = run;
    const prepared = await prepareTable(client, { projectId, stream, pointer, incoming: part.columns });
    const { table, columns } = prepared;
    const zone = account?.timeZone ?? 'UTC';
    const result = await loadSlice(client, {
      table,
      columns: prepared.load,
      key: stream.key,
      mode,
      ...(days && stream.cursor && { window: windowOn(stream.cursor, days, columns, zone) }),
      rows: part.rows(),
      onProgress: (rows) => lease.loading(rows, share()),
      limits: { rejects: defaults.sync.rejects },
      signal: lease.signal,
    });
    const { generation } = table;
    const bytes = await tableSize(client, projectSchema(projectId), streamTable(stream.id, generation));
    const changedShape = !sameColumns(columns, pointer.columns) || generation !== pointer.generation;
    return {
      changed: result.changed || changedShape,
      generation,
      columns,
      rowCount: prepared.rowsBefore + result.inserted - result.deleted,
      bytes,
      records: recordsOf(result, part.rejected),
      rejects: [...part.rejects, ...result.rejects],
      received: result.received + part.rejected,
      retiredTable: prepared.retired ? streamTable(stream.id, pointer.generation) : null,
    };
  }
}

/**
 * Of a slice that brings little that is new, most WAL is whole pages, written when they change for the first time after a checkpoint: of
 * the control plane and of the catalogue. They compress to a third, where we may ask for it. A table's first slice does not: its index is
 * built with it, which takes two to three times the processor when its pages are compressed.
 */
const compressWal = `
  select set_config('wal_compression', 'pglz', true)
  where current_setting('wal_compression') = 'off' and has_parameter_privilege('wal_compression', 'set')`;

/** Sentences that a stream shows at once. */
const keptWarnings = 20;

interface Outcome {
  changed: boolean;
  generation: number;
  columns: LockedStream['columns'];
  rowCount: number;
  bytes: number;
  records: Records;
  rejects: RejectedRow[];
  received: number;
  retiredTable: string | null;
}

/** The source says that nothing changed: all rows stay, and are counted as such. */
const unchanged = (pointer: LockedStream): Outcome => ({
  changed: false,
  generation: pointer.generation,
  columns: pointer.columns,
  rowCount: pointer.rowCount,
  bytes: pointer.bytes,
  records: { ...noRecords, unchanged: pointer.rowCount },
  rejects: [],
  received: pointer.rowCount,
  retiredTable: null,
});

/** A row that a later one of the same key replaced was read and changed nothing. */
const recordsOf = (result: SliceResult, rejectedByConnector: number): Records => ({
  inserted: result.inserted,
  updated: result.updated,
  unchanged: result.unchanged,
  deleted: result.deleted,
  rejected: result.rejected + rejectedByConnector,
});
