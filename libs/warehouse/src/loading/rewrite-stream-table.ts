/** Builds the next generation of a stream's table, for changes that would rewrite it (a wider type, another key). */
import type { ClientBase } from 'pg';
import { columnList, escapeIdentifier } from '../sql-names';
import { type ColumnType, type StreamColumn } from './column-types';
import type { StreamTableRef } from './slice';
import { createStreamTable, lockStreamTable, qualifiedStreamTable } from './stream-table';

export interface RewriteRequest {
  /** The generation that the pointer names now. Its table stays for readers and is to be swept later. */
  from: StreamTableRef;
  /** Its columns. */
  columns: readonly StreamColumn[];
  next: { columns: readonly StreamColumn[]; key: readonly string[] };
}

export interface RewrittenTable {
  /** To be written to the pointer in this same transaction. */
  next: StreamTableRef;
  rows: number;
}

/** Casts that keep the value as it came: through `Date`-free UTC, and a double's shortest decimal instead of its 15 digits. */
const cast = (name: string, from: ColumnType, to: ColumnType): string => {
  const column = escapeIdentifier(name);
  if (from === to) return column;
  if (to === 'numeric') return from === 'double' ? `${column}::text::numeric` : `${column}::numeric`;
  if (to === 'timestamp') return `${column}::timestamp AT TIME ZONE 'UTC'`;
  if (from === 'json') return `${column} #>> '{}'`;
  if (from === 'timestamp') return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return `${column}::text`;
};

/**
 * Creates the next generation and fills it with the old rows, cast to the new types. The caller moves the pointer, loads the slice into
 * `next` and commits. For a full replacement `createStreamTable` with the next generation and `loadSlice` do the same without old rows.
 * Types must have come from `planSchemaChange`: they only become wider, so that every cast succeeds.
 */
export const rewriteStreamTable = async (
  client: ClientBase,
  request: RewriteRequest,
): Promise<RewrittenTable> => {
  const { from, columns } = request;
  await lockStreamTable(client, from.streamId);
  const next = { ...from, generation: from.generation + 1 };
  await createStreamTable(client, { ...next, ...request.next });
  const target = new Map(request.next.columns.map((column) => [column.name, column.type]));
  const kept = columns.filter((column) => target.has(column.name));
  const values = kept.map(({ name, type }) => cast(name, type, target.get(name) ?? type));
  const { rowCount } = await client.query(
    `INSERT INTO ${qualifiedStreamTable(next)} (${columnList(kept.map(({ name }) => name))})
     SELECT ${values.join(', ')} FROM ${qualifiedStreamTable(from)}`,
  );
  return { next, rows: rowCount ?? 0 };
};
