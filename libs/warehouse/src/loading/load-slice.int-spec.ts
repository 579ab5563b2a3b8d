import { usePostgres } from '@freshet/testing';
import type { PoolClient } from 'pg';
import { projectSchema } from '../names';
import type { StreamColumn } from './column-types';
import { loadSlice } from './load-slice';
import type { Row, Slice, SliceResult } from './slice';
import { createStreamTable, qualifiedStreamTable } from './stream-table';

const postgres = usePostgres();

const columns: StreamColumn[] = [
  { name: 'id', type: 'bigint' },
  { name: 'day', type: 'date' },
  { name: 'amount', type: 'numeric' },
  { name: 't', type: 'text' },
];
let nextStream = 0;

/** A fresh stream and a way to load slices into it, each in a transaction of its own. */
const newStream = async (key: string[] = ['id'], of: StreamColumn[] = columns) => {
  const table = { projectId: '1', streamId: String(++nextStream), generation: 1 };
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
  await inTransaction((client) => createStreamTable(client, { ...table, columns: of, key }));
  const name = qualifiedStreamTable(table);
  return {
    table,
    name,
    load: (mode: Slice['mode'], rows: Row[], more: Partial<Slice> = {}): Promise<SliceResult> =>
      inTransaction((client) => loadSlice(client, { table, columns: of, key, mode, rows: [rows], ...more })),
    rows: async (): Promise<unknown[][]> =>
      (await postgres.pool.query({ text: `SELECT * FROM ${name} t ORDER BY t.*`, rowMode: 'array' })).rows,
    /** Where each row lies and which transaction wrote it: changes when a row is written, whatever its values. */
    traces: async (): Promise<unknown[]> =>
      (await postgres.pool.query(`SELECT ctid, xmin FROM ${name} ORDER BY ctid`)).rows,
  };
};

const counts = ({ received, inserted, updated, unchanged, deleted, rejected, superseded }: SliceResult) => ({
  received,
  inserted,
  updated,
  unchanged,
  deleted,
  rejected,
  superseded,
});
const none = { received: 0, inserted: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0, superseded: 0 };

beforeAll(async () => {
  await postgres.pool.query(`CREATE SCHEMA ${projectSchema('1')}`);
});

describe('upsert', () => {
  it('inserts, updates what differs, leaves the rest, and says how many of each', async () => {
    const stream = await newStream();
    const first = await stream.load('upsert', [
      [1, '2026-01-01', '1.10', 'a'],
      [2, '2026-01-02', '2.20', 'b'],
    ]);
    expect(counts(first)).toEqual({ ...none, received: 2, inserted: 2 });
    const second = await stream.load('upsert', [
      [1, '2026-01-01', '1.10', 'a'],
      [2, '2026-01-02', '2.21', 'b'],
      [3, null, null, null],
    ]);
    expect(counts(second)).toEqual({ ...none, received: 3, inserted: 1, updated: 1, unchanged: 1 });
    expect(await stream.rows()).toHaveLength(3);
  });
});
