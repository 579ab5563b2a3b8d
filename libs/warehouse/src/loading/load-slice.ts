/** Brings one slice of rows into a stream's table inside the caller's transaction and counts truly what it changed (spec SY3). */
import { FreshetError } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { projectSchema, streamTable } from '../names';
import {
  type Application,
  deleteVanished,
  dropOutside,
  dropSuperseded,
  insertAll,
  insertNew,
  mergeChanged,
  replaceByContent,
} from './apply-sql';
import { copyRows } from './copy-rows';
import { appendRows, loadNewTable } from './load-directly';
import type { Slice, SliceResult } from './slice';
import { lockStreamTable, qualifiedStreamTable } from './stream-table';

const stage = 'pg_temp.freshet_stage';

/** What one way of applying a stage changed. */
interface Applied {
  inserted: number;
  updated: number;
  deleted: number;
}

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
  if (slice.mode === 'replace-window') return stageAndApply(client, slice, table);
  if (table.createdHere && table.isEmpty) return loadNewTable(client, slice);
  if (slice.key.length === 0 && (table.isEmpty || slice.mode === 'append')) return appendRows(client, slice);
  return stageAndApply(client, slice, table);
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

interface TableState {
  columns: string[];
  /** Created in this very transaction: nobody else can see it yet. */
  createdHere: boolean;
  isEmpty: boolean;
}

/** A table's row type is written when it is created and, unlike its row in pg_class, not by an index or a grant. */
const describeTable = async (client: ClientBase, { table }: Slice): Promise<TableState> => {
  const { rows } = await client.query<TableState>(
    `SELECT y.xmin = pg_current_xact_id()::xid AS "createdHere", NOT EXISTS (SELECT FROM ${qualifiedStreamTable(table)}) AS "isEmpty",
            (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
     FROM pg_class c JOIN pg_type y ON y.oid = c.reltype WHERE c.relnamespace = to_regnamespace($1) AND c.relname = $2`,
    [JSON.stringify(projectSchema(table.projectId)), streamTable(table.streamId, table.generation)],
  );
  if (!rows[0])
    throw new FreshetError('not_found', 'The table of this stream is gone. Sync the source in full.');
  return rows[0];
};

const stageAndApply = async (client: ClientBase, slice: Slice, table: TableState): Promise<SliceResult> => {
  const { key, window, mode } = slice;
  const application: Application = {
    target: qualifiedStreamTable(slice.table),
    stage,
    columns: table.columns,
    key,
    ...(window && { window }),
  };
  await client.query(`CREATE TEMP TABLE freshet_stage (LIKE ${application.target}) ON COMMIT DROP`);
  const { received, rejects } = await copyRows(client, stage, slice);
  if (window && mode === 'replace-window') {
    const outside = await count(client, dropOutside(application, window));
    rejects.addUnnamed(
      outside,
      `The row is outside of the window that was read (${window.column} from ${window.from} to ${window.to})`,
    );
    rejects.check(received);
  }
  const superseded = key.length > 0 ? await count(client, dropSuperseded(stage, key)) : 0;
  const applied = await apply(client, application, mode, table.isEmpty);
  await client.query(`DROP TABLE ${stage}`);
  const { inserted, updated, deleted } = applied;
  return {
    ...applied,
    received,
    rejected: rejects.count,
    superseded,
    unchanged: received - rejects.count - superseded - inserted - updated,
    changed: inserted + updated + deleted > 0,
    rejects: rejects.rows,
  };
};

const apply = async (
  client: ClientBase,
  application: Application,
  mode: Slice['mode'],
  isEmpty: boolean,
): Promise<Applied> => {
  const nothing = { inserted: 0, updated: 0, deleted: 0 };
  const hasKey = application.key.length > 0;
  if (isEmpty) return { ...nothing, inserted: await count(client, insertAll(application)) };
  if (mode === 'append') return { ...nothing, inserted: await count(client, insertNew(application)) };
  const scope: Application = mode === 'replace-window' ? application : { ...application, window: undefined };
  if (!hasKey) return { ...nothing, ...(await counts(client, replaceByContent(scope))) };
  const deleted = mode === 'upsert' ? 0 : await count(client, deleteVanished(scope));
  return { ...nothing, ...(await counts(client, mergeChanged(scope))), deleted };
};

const count = async (client: ClientBase, sql: string): Promise<number> =>
  (await client.query(sql)).rowCount ?? 0;

/** The statement's one row of counts; they come as text, being 64 bits. */
const counts = async (client: ClientBase, sql: string): Promise<Partial<Applied>> => {
  const { rows } = await client.query<Record<string, string>>(sql);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
};
