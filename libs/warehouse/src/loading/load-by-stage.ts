/** Loads a slice through a temporary table, so that what is written is only what differs from what is there. */
import type { ClientBase } from 'pg';
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
import type { Slice, SliceResult } from './slice';
import { emptyStage, type ShapedColumn } from './stage';
import { qualifiedStreamTable } from './stream-table';
import { tryUnique } from './try-unique';

/** What one way of applying a stage changed. */
interface Applied {
  inserted: number;
  updated: number;
  deleted: number;
  superseded: number;
}
const nothing: Applied = { inserted: 0, updated: 0, deleted: 0, superseded: 0 };

export interface LoadedTable {
  /** All columns, in the table's order. */
  columns: ShapedColumn[];
  isEmpty: boolean;
}

export const loadByStage = async (
  client: ClientBase,
  slice: Slice,
  table: LoadedTable,
): Promise<SliceResult> => {
  const { key, window, mode } = slice;
  const target = qualifiedStreamTable(slice.table);
  const stage = await emptyStage(client, target, table.columns);
  const application: Application = {
    target,
    stage,
    columns: table.columns.map(({ name }) => name),
    key,
    ...(window && { window }),
  };
  const { received, rejects } = await copyRows(client, stage, slice);
  if (window && mode === 'replace-window') {
    const outside = await count(client, dropOutside(application, window));
    rejects.addUnnamed(
      outside,
      `The row is outside of the window that was read (${window.column} from ${window.from} to ${window.to})`,
    );
    rejects.check(received);
  }
  const applied = table.isEmpty ? await fill(client, application) : await apply(client, application, mode);
  const { inserted, updated, deleted, superseded } = applied;
  return {
    ...applied,
    received,
    rejected: rejects.count,
    unchanged: received - rejects.count - superseded - inserted - updated,
    changed: inserted + updated + deleted > 0,
    rejects: rejects.rows,
  };
};

/** An empty table takes everything; that each key is there once is tried first, as it mostly is. */
const fill = async (client: ClientBase, application: Application): Promise<Applied> => {
  const { key } = application;
  const all = await tryUnique(client, insertAll(application));
  if (all !== null) return { ...nothing, inserted: all };
  const superseded = await count(client, dropSuperseded(application.stage, key));
  return { ...nothing, inserted: await count(client, insertAll(application)), superseded };
};

const apply = async (client: ClientBase, application: Application, mode: Slice['mode']): Promise<Applied> => {
  const scope: Application = mode === 'replace-window' ? application : { ...application, window: undefined };
  if (application.key.length === 0) return { ...nothing, ...(await counts(client, replaceByContent(scope))) };
  const superseded = await count(client, dropSuperseded(application.stage, application.key));
  if (mode === 'append')
    return { ...nothing, superseded, inserted: await count(client, insertNew(application)) };
  const deleted = mode === 'upsert' ? 0 : await count(client, deleteVanished(scope));
  return { ...nothing, ...(await counts(client, mergeChanged(scope))), deleted, superseded };
};

const count = async (client: ClientBase, sql: string): Promise<number> =>
  (await client.query(sql)).rowCount ?? 0;

/** The statement's one row of counts; they come as text, being 64 bits. */
const counts = async (client: ClientBase, sql: string): Promise<Partial<Applied>> => {
  const { rows } = await client.query<Record<string, string>>(sql);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
};
