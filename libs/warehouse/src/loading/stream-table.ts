/** Makes and widens the tables behind streams. They are never rewritten or truncated in place: see `rewrite-stream-table.ts`. */
import { FreshetError } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { lockForTransaction } from '../locks';
import { projectSchema, streamTable } from '../names';
import { columnList, escapeIdentifier } from '../sql-names';
import { withShortLock } from '../short-lock';
import { postgresTypes, type StreamColumn } from './column-types';
import type { StreamTableRef } from './slice';

export interface NewStreamTable extends StreamTableRef {
  columns: readonly StreamColumn[];
  /** Names of key columns; empty for a stream without one. */
  key: readonly string[];
}

/** `"p_1"."s_0123456789_v1"`. */
export const qualifiedStreamTable = ({ projectId, streamId, generation }: StreamTableRef): string =>
  `${escapeIdentifier(projectSchema(projectId))}.${escapeIdentifier(streamTable(streamId, generation))}`;

/**
 * Waits until no other transaction writes this stream and keeps others out until this one ends. Every writer takes it
 * **before** reading the stream's pointer; else it could write into a generation that a rewrite is just leaving.
 */
export const lockStreamTable = (client: ClientBase, streamId: string): Promise<void> =>
  lockForTransaction(client, 'streamTable', streamId);

/**
 * Creates a stream's table with a unique index on its key. Rows without a key are told apart by their whole content, which
 * takes no column and no index. Throws `invalid_input` for names PostgreSQL can't hold.
 */
export const createStreamTable = async (client: ClientBase, table: NewStreamTable): Promise<void> => {
  refuseImpossibleColumns(table.columns, table.key);
  const columns = table.columns.map(
    (column) => `${columnSql(column)}${table.key.includes(column.name) ? ' NOT NULL' : ''}`,
  );
  await client.query(`CREATE TABLE ${qualifiedStreamTable(table)} (${columns.join(', ')})`);
  if (table.key.length > 0) await client.query(indexKey(qualifiedStreamTable(table), table.key));
};

/** The statement that lets each key be there once. */
export const indexKey = (table: string, key: readonly string[]): string =>
  `CREATE UNIQUE INDEX ON ${table} (${columnList(key)})`;

/**
 * Adds nullable columns, which rewrites nothing. Waits at most 50 ms at a time for the table's lock, so that readers never queue
 * behind it. Run it in a short transaction of its own before the slice: once taken, the lock keeps readers out until the commit.
 * Throws `unavailable` (retry) when readers kept the table busy throughout.
 */
export const addColumns = async (
  client: ClientBase,
  table: StreamTableRef,
  columns: readonly StreamColumn[],
): Promise<void> => {
  if (columns.length === 0) return;
  refuseImpossibleColumns(columns, []);
  const added = columns.map((column) => `ADD COLUMN IF NOT EXISTS ${columnSql(column)}`).join(', ');
  const done = await withShortLock(client, `ALTER TABLE ${qualifiedStreamTable(table)} ${added}`, {
    attempts: 40,
  });
  if (!done) {
    throw new FreshetError(
      'unavailable',
      'The table was busy, so its new columns could not be added. They will be with the next sync.',
    );
  }
};

/**
 * Worth calling after a run that wrote a good part of the table, outside of any transaction: marks rows as visible to all, so that the next
 * load does not (with checksums each page marked is a page of WAL), and refreshes the planner's statistics.
 */
export const vacuumStreamTable = async (client: ClientBase, table: StreamTableRef): Promise<void> => {
  await client.query(`VACUUM (ANALYZE) ${qualifiedStreamTable(table)}`);
};

const columnSql = ({ name, type }: StreamColumn): string =>
  `${escapeIdentifier(name)} ${postgresTypes[type]}`;

/** PostgreSQL's own limits: names of 63 bytes (longer ones are cut silently), 1,600 columns, and names every table has already. */
const systemColumns = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

const refuseImpossibleColumns = (columns: readonly StreamColumn[], key: readonly string[]): void => {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (name === '' || Buffer.byteLength(name) > 63 || name.includes('\0')) {
      throw new FreshetError(
        'invalid_input',
        `The column name "${name}" has to have 1 to 63 bytes. Rename the column at the source.`,
      );
    }
    if (systemColumns.has(name)) {
      throw new FreshetError(
        'invalid_input',
        `PostgreSQL keeps the column name "${name}" for itself. Rename the column at the source.`,
      );
    }
    if (names.has(name))
      throw new FreshetError(
        'invalid_input',
        `There are two columns named "${name}". Rename one at the source.`,
      );
    names.add(name);
  }
  if (columns.length > 1_600) {
    throw new FreshetError(
      'invalid_input',
      `A table can have 1,600 columns, this one has ${columns.length}. Leave some out.`,
    );
  }
  const missing = key.find((name) => !names.has(name));
  if (missing !== undefined) {
    throw new FreshetError(
      'invalid_input',
      `The key column "${missing}" is not among the columns. Choose another key.`,
    );
  }
};
