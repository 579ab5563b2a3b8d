/** Loads a table that the same transaction created: nobody can see it, so rows go straight in and its index is built at the end. */
import type { ClientBase } from 'pg';
import { dropSuperseded } from './apply-sql';
import { copyRows } from './copy-rows';
import type { Slice, SliceResult } from './slice';
import { indexKey, qualifiedStreamTable } from './stream-table';

/** A savepoint's name; there is one load at a time in a transaction. */
const beforeIndex = 'freshet_before_index';

/** Faster than staging, and even than COPY into an indexed table, since an index built at once is written once. */
export const loadNewTable = async (client: ClientBase, slice: Slice): Promise<SliceResult> => {
  const table = qualifiedStreamTable(slice.table);
  await dropIndexes(client, table);
  const { received, copied, rejects } = await copyRows(client, table, slice);
  const superseded = slice.key.length > 0 ? await makeUnique(client, table, slice.key) : 0;
  const inserted = copied - superseded;
  const rest = { updated: 0, unchanged: 0, deleted: 0 };
  return {
    ...rest,
    received,
    inserted,
    superseded,
    rejected: rejects.count,
    changed: inserted > 0,
    rejects: rejects.rows,
  };
};

const dropIndexes = async (client: ClientBase, table: string): Promise<void> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = $1::regclass`,
    [table],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
};

/** Most slices hold each key once, so the index is tried first; answers how many rows later ones superseded. */
const makeUnique = async (client: ClientBase, table: string, key: readonly string[]): Promise<number> => {
  await client.query(`SAVEPOINT ${beforeIndex}`);
  try {
    await client.query(indexKey(table, key));
    await client.query(`RELEASE SAVEPOINT ${beforeIndex}`);
    return 0;
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error;
  }
  await client.query(`ROLLBACK TO SAVEPOINT ${beforeIndex}`);
  const { rowCount } = await client.query(dropSuperseded(table, key));
  await client.query(indexKey(table, key));
  return rowCount ?? 0;
};
