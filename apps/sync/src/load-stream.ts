/** Loads one stream: reads slices from its connector and commits each with its revision and checkpoint (spec SY3, SY4). */
import { Inject, Injectable } from '@nestjs/common';
import type { Batch, Connector, ConnectorContext } from '@freshet/connectors';
import { defaults, FreshetError, noRecords, type Records } from '@freshet/contracts';
import {
  commitSlice,
  ControlPlane,
  readStreamPointer,
  storeRejects,
  type ClaimedRun,
  type ClaimedStream,
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
  type StreamTableRef,
} from '@freshet/warehouse';
import type { PoolClient } from 'pg';
import { addNewColumns, prepareTable, sameColumns } from './prepare-table';
import { ColumnsChanged, readBatches, type SliceReading } from './read-batches';
import type { RunLease } from './run-lease';

export interface StreamLoad {
  run: ClaimedRun;
  stream: ClaimedStream;
  connector: Connector;
  config: unknown;
  /** As the connector parsed them; null when it needs none. */
  credentials: unknown;
  context: ConnectorContext;
  lease: RunLease;
}

/** A load that wrote a greater share of the table than this is followed by a vacuum. */
const vacuumShare = 0.1;

/** A slice starts over so often when its columns turn out wider than they first looked. */
const columnChangesAtMost = 3;

@Injectable()
export class LoadStream {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  /** @returns the table when so much of it was written that it is worth vacuuming; null otherwise */
  async load(load: StreamLoad): Promise<StreamTableRef | null> {
    let known = load.stream.columns;
    for (let changes = 0; ; changes++) {
      try {
        return await this.loadSlice(load, known);
      } catch (error) {
        if (!(error instanceof ColumnsChanged) || changes === columnChangesAtMost) throw error;
        known = error.columns;
      }
    }
  }

  private async loadSlice(
    load: StreamLoad,
    knownColumns: ClaimedStream['columns'],
  ): Promise<StreamTableRef | null> {
    const { run, stream, connector, config, context } = load;
    const request = {
      config,
      credentials: load.credentials,
      stream: stream.name,
      slice: {},
      account: null,
      checkpoint: run.request.full ? null : stream.checkpoint,
      knownColumns: knownColumns.length ? (knownColumns as Batch['columns'][number][]) : null,
    };
    // The first batch is awaited outside of the transaction: until then it is only the vendor who works.
    const reading = await readBatches(connector.read(request, context));
    if (!reading.notModified) await this.addNewColumns(load, reading);
    const outcome = await this.plane.systemTransaction((sql, client) =>
      this.commit(load, reading, sql, client),
    );
    await failpoint('load.after-commit');
    const { generation, records, rowCount } = outcome;
    const written = records.inserted + records.updated + records.deleted;
    const worthIt = written > vacuumShare * rowCount;
    return worthIt ? { projectId: run.projectId, streamId: stream.id, generation } : null;
  }

  /** In a short transaction of their own: readers wait while a table's columns change, so they must not wait for a load. */
  private async addNewColumns({ run, stream }: StreamLoad, reading: SliceReading): Promise<void> {
    await this.plane.systemTransaction(async (sql, client) => {
      await lockStreamTable(client, stream.id);
      const pointer = await readStreamPointer(sql, stream.id);
      if (pointer)
        await addNewColumns(client, { projectId: run.projectId, stream, pointer, incoming: reading.columns });
    });
  }

  private async commit(
    load: StreamLoad,
    reading: SliceReading,
    sql: Sql,
    client: PoolClient,
  ): Promise<Outcome> {
    const { run, stream, lease } = load;
    await lockStreamTable(client, stream.id);
    const pointer = await readStreamPointer(sql, stream.id);
    if (!pointer)
      throw new FreshetError('not_found', `The stream ${stream.name} was deleted while it was synced.`);
    const outcome = reading.notModified
      ? unchanged(pointer, reading)
      : await this.write(load, reading, pointer, client);
    await failpoint('load.before-commit');
    const revision = await commitSlice(sql, {
      runId: run.id,
      attempt: run.attempt,
      streamId: stream.id,
      ...outcome,
    });
    if (revision === null) throw new FreshetError('cancelled', 'The run was taken over by another process.');
    await storeRejects(sql, run.id, stream.id, outcome.rejects);
    lease.report(outcome.received, 1);
    return outcome;
  }

  private async write(
    load: StreamLoad,
    reading: SliceReading,
    pointer: LockedStream,
    client: PoolClient,
  ): Promise<Outcome> {
    const { run, stream, lease } = load;
    const prepared = await prepareTable(client, {
      projectId: run.projectId,
      stream,
      pointer,
      incoming: reading.columns,
    });
    const result = await loadSlice(client, {
      table: prepared.table,
      columns: prepared.load,
      key: stream.key,
      mode: stream.mode,
      rows: reading.rows(),
      onProgress: (rows) => lease.report(rows, reading.progress),
      limits: { rejects: defaults.sync.rejects },
      signal: lease.signal,
    });
    const bytes = await tableSize(
      client,
      projectSchema(run.projectId),
      streamTable(stream.id, prepared.table.generation),
    );
    const rejects = [...reading.rejects, ...result.rejects];
    const changedShape = !sameColumns(prepared.columns, pointer.columns);
    return {
      changed: result.changed || changedShape || prepared.table.generation !== pointer.generation,
      generation: prepared.table.generation,
      columns: prepared.columns,
      checkpoint: reading.checkpoint,
      rowCount: pointer.rowCount + result.inserted - result.deleted,
      bytes,
      records: recordsOf(result, reading.rejects.length),
      rejects,
      received: result.received,
      retiredTable: prepared.retired ? streamTable(stream.id, pointer.generation) : null,
    };
  }
}

interface Outcome {
  changed: boolean;
  generation: number;
  columns: LockedStream['columns'];
  checkpoint: Record<string, unknown> | null;
  rowCount: number;
  bytes: number;
  records: Records;
  rejects: RejectedRow[];
  received: number;
  retiredTable: string | null;
}

/** The source says that nothing changed: all rows stay, and are counted as such. Its validators may be newer ones. */
const unchanged = (pointer: LockedStream, { checkpoint }: SliceReading): Outcome => ({
  changed: false,
  generation: pointer.generation,
  columns: pointer.columns,
  checkpoint: checkpoint ?? pointer.checkpoint,
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
