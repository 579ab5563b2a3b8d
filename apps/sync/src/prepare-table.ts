/** Makes a stream's table fit what the source sends now: creates it, adds columns, or builds the next generation, from its rows or from the source's. */
import type { Batch } from '@freshet/connectors';
import type { Column } from '@freshet/contracts';
import type { LockedStream } from '@freshet/persistence';
import {
  addColumns,
  createStreamTable,
  planSchemaChange,
  rewriteStreamTable,
  type StreamColumn,
  type StreamTableRef,
} from '@freshet/warehouse';
import type { ClientBase } from 'pg';

export interface PreparedTable {
  table: StreamTableRef;
  /** All columns of the table afterwards. */
  columns: StreamColumn[];
  /** The incoming columns in their order, with the table's types. */
  load: StreamColumn[];
  /** The generation before is to be kept a while and then dropped. */
  retired: boolean;
  /** Rows it has before the load. */
  rowsBefore: number;
}

export interface TableNeed {
  projectId: string;
  stream: { id: string; key: string[]; anew: boolean };
  pointer: LockedStream;
  incoming: Batch['columns'];
}

/** In the slice's transaction, under the stream's lock. */
export const prepareTable = async (
  client: ClientBase,
  { projectId, stream, pointer, incoming }: TableNeed,
): Promise<PreparedTable> => {
  const current = pointer.columns as StreamColumn[];
  const table = { projectId, streamId: stream.id, generation: pointer.generation };
  if (pointer.generation === 0 || stream.anew) {
    // Rows of another key or query do not belong among these: until the commit readers have the generation before, whole.
    const columns = [...incoming];
    const created = { ...table, generation: pointer.generation + 1 };
    await createStreamTable(client, { ...created, columns, key: stream.key });
    return { table: created, columns, load: columns, retired: pointer.generation > 0, rowsBefore: 0 };
  }
  const rowsBefore = pointer.rowCount;
  const change = planSchemaChange(current, incoming);
  const { columns, load } = change;
  if (change.kind === 'rewrite') {
    const { next } = await rewriteStreamTable(client, {
      from: table,
      columns: current,
      next: { columns, key: stream.key },
    });
    return { table: next, columns, load, retired: true, rowsBefore };
  }
  // Columns to add were added before the slice began.
  return { table, columns, load, retired: false, rowsBefore };
};

/** Adds what the source sends anew, unless the table is to be rewritten anyway. */
export const addNewColumns = async (
  client: ClientBase,
  { projectId, stream, pointer, incoming }: TableNeed,
): Promise<void> => {
  if (pointer.generation === 0) return;
  const change = planSchemaChange(pointer.columns as StreamColumn[], incoming);
  if (change.kind !== 'add') return;
  await addColumns(client, { projectId, streamId: stream.id, generation: pointer.generation }, change.added);
};

/** By what is known without a look into the database: mostly a slice's columns are those of the one before. */
export const addsColumns = (known: readonly Column[], incoming: Batch['columns']): boolean =>
  known.length > 0 && planSchemaChange(known as StreamColumn[], incoming).kind === 'add';

export const sameColumns = (a: readonly Column[], b: readonly Column[]): boolean =>
  a.length === b.length &&
  a.every(({ name, type }, place) => name === b[place]?.name && type === b[place]?.type);
