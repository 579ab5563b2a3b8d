/** Loads rows straight into their table, without a stage, where nothing that is there could be the same row. */
import type { ClientBase } from 'pg';
import { dropSuperseded } from './apply-sql';
import { copyRows } from './copy-rows';
import type { Slice, SliceResult } from './slice';
import { indexKey, qualifiedStreamTable } from './stream-table';
import { tryUnique } from './try-unique';

/**
 * For a table that this transaction created: nobody else can see it, so its index is built at the end, which is faster than COPY into an
 * indexed table, and rows are written frozen, so that no later reader has to mark them as visible. Not within a savepoint (COPY FREEZE).
 */
export const loadNewTable = async (client: ClientBase, slice: Slice): Promise<SliceResult> => {
  const table = qualifiedStreamTable(slice.table);
  await dropIndexes(client, table);
  const { received, copied, rejects } = await copyRows(client, table, slice, { freeze: true });
  const superseded = slice.key.length > 0 ? await makeUnique(client, table, slice.key) : 0;
  return onlyInserted({
    received,
    inserted: copied - superseded,
    superseded,
    rejected: rejects.count,
    rejects: rejects.rows,
  });
};

/** For rows without a key that are only added. */
export const appendRows = async (client: ClientBase, slice: Slice): Promise<SliceResult> => {
  const { received, copied, rejects } = await copyRows(client, qualifiedStreamTable(slice.table), slice);
  return onlyInserted({
    received,
    inserted: copied,
    superseded: 0,
    rejected: rejects.count,
    rejects: rejects.rows,
  });
};

type Inserted = Omit<SliceResult, 'updated' | 'unchanged' | 'deleted' | 'changed'>;
const onlyInserted = (inserted: Inserted): SliceResult => ({
  ...inserted,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  changed: inserted.inserted > 0,
});

const dropIndexes = async (client: ClientBase, table: string): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = $1::regclass`,
    [table],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
};

/** Most slices hold each key once, so the index is tried first; answers how many rows later ones superseded. */
const makeUnique = async (client: ClientBase, table: string, key: readonly string[]): Promise<number> => {
  if ((await tryUnique(client, indexKey(table, key))) !== null) return 0;
  const { rowCount } = await client.query(dropSuperseded(table, key));
  await client.query(indexKey(table, key));
  return rowCount ?? 0;
};
