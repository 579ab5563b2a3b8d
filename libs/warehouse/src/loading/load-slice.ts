/** Brings one slice of rows into a stream's table inside the caller's transaction and counts truly what it changed (spec SY3). */
import { FreshetError } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { loadByStage, type LoadedTable } from './load-by-stage';
import { appendRows, loadNewTable } from './load-directly';
import type { Slice, SliceResult } from './slice';
import { lockStreamTable, qualifiedStreamTable } from './stream-table';

/**
 * Loads by `slice.mode`: `append` adds rows whose key is new · `upsert` also updates · `replace-window` also deletes rows of the window
 * that are not in the slice · `replace-all` also deletes all others. Rows that stay the same are not written, so loading a slice again
 * changes nothing. Takes the stream's lock (take it yourself first, before you read the pointer that `slice.table` comes from).
 *
 * The caller then bumps the revision if `changed`, stores the checkpoint and commits. Throws `invalid_input` for a mode that the key does
 * not allow, `too_many_rejects`, `cancelled`, and whatever `slice.rows` throws; the transaction is then to be rolled back.
 */
export const loadSlice = async (client: ClientBase, slice: Slice): Promise<SliceResult> => {
  refuseImpossibleModes(slice);
  await lockStreamTable(client, slice.table.streamId);
  await client.query(`SET LOCAL work_mem = '64MB'; SET LOCAL jit = off`);
  const table = await describeTable(client, slice);
  if (slice.mode === 'replace-window') return loadByStage(client, slice, table);
  if (table.createdHere && table.isEmpty) return loadNewTable(client, slice);
  if (slice.key.length === 0 && (table.isEmpty || slice.mode === 'append')) return appendRows(client, slice);
  return loadByStage(client, slice, table);
};

const refuseImpossibleModes = ({ mode, key, window, columns }: Slice): void => {
  const refuse = (reason: string): never => {
    throw new FreshetError('invalid_input', reason);
  };
  if (mode === 'upsert' && key.length === 0)
    refuse('Updating rows needs a key. Name the key columns, or choose another mode.');
  if (mode === 'replace-window' && !window)
    refuse('Replacing a window needs the window: a column, from and to.');
  const missing = [...key, ...(window ? [window.column] : [])].find(
    (name) => !columns.some((column) => column.name === name),
  );
  if (missing !== undefined)
    refuse(`The column "${missing}" is not in what the source sent. Choose another key or window.`);
};

interface TableState extends LoadedTable {
  /** Created in this very transaction: nobody else can see it yet. */
  createdHere: boolean;
}

/** A table's row type is written when it is created and, unlike its row in pg_class, not by an index or a grant. */
const describeTable = async (client: ClientBase, { table }: Slice): Promise<TableState> => {
  const name = qualifiedStreamTable(table);
  const { rows } = await client.query<Omit<TableState, 'isEmpty'>>(
    `SELECT y.xmin = pg_current_xact_id()::xid AS "createdHere",
            (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
     FROM pg_class c JOIN pg_type y ON y.oid = c.reltype WHERE c.oid = to_regclass($1)`,
    [name],
  );
  if (!rows[0])
    throw new FreshetError('not_found', 'The table of this stream is gone. Sync the source in full.');
  const { rowCount } = await client.query(`SELECT FROM ${name} LIMIT 1`);
  return { ...rows[0], isEmpty: rowCount === 0 };
};
