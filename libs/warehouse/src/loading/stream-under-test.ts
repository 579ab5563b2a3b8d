/** A stream in a test's database and ways to load slices into it and look at what happened; for spec files only. */
import type { Pool, PoolClient } from 'pg';
import { projectSchema } from '../names';
import type { StreamColumn } from './column-types';
import { loadSlice } from './load-slice';
import type { Row, Slice, SliceResult, StreamTableRef } from './slice';
import { createStreamTable, qualifiedStreamTable } from './stream-table';

export const columns: StreamColumn[] = [
  { name: 'id', type: 'bigint' },
  { name: 'day', type: 'date' },
  { name: 'amount', type: 'numeric' },
  { name: 't', type: 'text' },
];

/** What a slice that does nothing counts. */
export const none = {
  received: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  rejected: 0,
  superseded: 0,
};

export interface StreamUnderTest {
  table: StreamTableRef;
  /** The quoted name of the table. */
  name: string;
  /** Loads one batch in a transaction of its own. */
  load(mode: Slice['mode'], rows: Row[], more?: Partial<Slice>): Promise<SliceResult>;
  /** All rows, in the order of their text. */
  rows(): Promise<unknown[][]>;
  /** Where each row lies and which transaction wrote it: changes when a row is written, whatever its values. */
  traces(): Promise<unknown[]>;
}

export interface Streams {
  inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  newStream(wishes?: { key?: string[]; of?: StreamColumn[] }): Promise<StreamUnderTest>;
}

/** Call at the top of a spec file. */
export const useStreams = (postgres: { readonly pool: Pool }): Streams => {
  jest.setTimeout(30_000);
  let nextStream = 0;
  beforeAll(async () => {
    await postgres.pool.query(`CREATE SCHEMA ${projectSchema('1')}`);
  });

  const inTransaction = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await postgres.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  };

  const newStream: Streams['newStream'] = async ({ key = ['id'], of = columns } = {}) => {
    const table = { projectId: '1', streamId: 'x'.repeat(200) + ++nextStream, generation: 1 };
    await inTransaction((client) => createStreamTable(client, { ...table, columns: of, key }));
    const name = qualifiedStreamTable(table);
    const sql = {
      rows: `SELECT t.* FROM ${name} t ORDER BY t.*::text`,
      traces: `SELECT ctid, xmin, xmax FROM ${name} ORDER BY ctid`,
    };
    return {
      table,
      name,
      load: (mode, rows, more = {}) =>
        inTransaction((client) =>
          loadSlice(client, { table, columns: of, key, mode, rows: [rows], ...more }),
        ),
      rows: async () => (await postgres.pool.query<unknown[]>({ text: sql.rows, rowMode: 'array' })).rows,
      traces: async () => (await postgres.pool.query<Record<string, unknown>>(sql.traces)).rows,
    };
  };
  return { inTransaction, newStream };
};
