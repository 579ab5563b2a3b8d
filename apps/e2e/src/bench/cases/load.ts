/** Loading a slice against what PostgreSQL's own COPY takes for the same rows (design's bar: ≥ 0.75 ×, a no-op ≤ 1 % of the WAL). */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createStreamTable, loadSlice, qualifiedStreamTable, type StreamTableRef } from '@freshet/warehouse';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Bench, BenchCase } from '../bench';
import { interleave, median, ratio, seconds, spread } from '../measure';
import { bareCopyText, wideColumns, wideRows } from '../wide-rows';

const stream = (streamId: string): StreamTableRef => ({ projectId: 'bench', streamId, generation: 1 });
const [bare, fresh, used] = [stream('bare'), stream('fresh'), stream('used')];
const key = ['id'];

interface Loads {
  rows: number;
  /** Milliseconds of each round. */
  times: Record<'copy' | 'load' | 'loadUsed', number[]>;
  /** Bytes of WAL of each round. */
  wal: { load: number[]; again: number[] };
}

const measure = ({ rows, rounds, withClient }: Bench): Promise<Loads> =>
  withClient(async (client) => {
    await client.query('CREATE SCHEMA IF NOT EXISTS p_bench');
    const wal: Loads['wal'] = { load: [], again: [] };
    const load = (table: StreamTableRef, from: number) => () =>
      loadSlice(client, { table, columns: wideColumns, key, mode: 'upsert', rows: wideRows(from, rows) });
    const times = await interleave(
      {
        copy: async () => {
          await recreate(client, bare);
          const { ms } = await transaction(client, () => copyBare(client, bare, rows));
          await drop(client, bare);
          return ms;
        },
        load: async () => {
          await drop(client, fresh);
          const first = await transaction(client, async () => {
            await createStreamTable(client, { ...fresh, columns: wideColumns, key });
            await load(fresh, 0)();
          });
          const again = await transaction(client, load(fresh, 0));
          wal.load.push(first.wal);
          wal.again.push(again.wal);
          await drop(client, fresh);
          return first.ms;
        },
        loadUsed: async () => {
          await recreate(client, used);
          // One row that the slice does not bring: the table is in use, so that every row is to be compared with it.
          await client.query(`INSERT INTO ${qualifiedStreamTable(used)} (id) VALUES (-1)`);
          const { ms } = await transaction(client, load(used, 0));
          await drop(client, used);
          return ms;
        },
      },
      { rounds },
    );
    return { rows, times, wal };
  });

const recreate = async (client: PoolClient, table: StreamTableRef): Promise<void> => {
  await drop(client, table);
  await createStreamTable(client, { ...table, columns: wideColumns, key });
};

const drop = async (client: PoolClient, table: StreamTableRef): Promise<void> => {
  await client.query(`DROP TABLE IF EXISTS ${qualifiedStreamTable(table)}`);
};

const copyBare = (client: PoolClient, table: StreamTableRef, rows: number): Promise<void> =>
  pipeline(
    Readable.from(bareCopyText(wideRows(0, rows)), { highWaterMark: 2 }),
    client.query(copyFrom(`COPY ${qualifiedStreamTable(table)} FROM STDIN`)),
  );

/** Begins right after a checkpoint, so that every side pays for the first write to its pages. */
const transaction = async (
  client: PoolClient,
  work: () => Promise<unknown>,
): Promise<{ ms: number; wal: number }> => {
  await client.query('CHECKPOINT');
  const before = await walPosition(client);
  const begin = performance.now();
  await client.query('BEGIN');
  await work();
  await client.query('COMMIT');
  const ms = performance.now() - begin;
  return { ms, wal: (await walPosition(client)) - before };
};

const walPosition = async (client: PoolClient): Promise<number> => {
  const { rows } = await client.query<{ at: string }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS at`,
  );
  return Number(rows[0]?.at);
};

const loads = (bench: Bench): Promise<Loads> => bench.once('loads', () => measure(bench));

const throughput = ({ rows, times }: Loads, side: 'load' | 'loadUsed'): string => {
  const [copy, ours] = [median(times.copy), median(times[side])];
  const speed = Math.round(rows / ours);
  return `${rows} rows × ${wideColumns.length} in ${seconds(ours)} (${speed}k rows/s), bare COPY into a table with key ${seconds(copy)}; rounds ${spread(times.copy, times[side])}`;
};

export const loadNewTable: BenchCase = {
  name: 'load into a new table, against bare COPY with key',
  goal: { atLeast: 0.75, unit: '×' },
  run: async (bench) => {
    const found = await loads(bench);
    return { value: ratio(found.times.copy, found.times.load), detail: throughput(found, 'load') };
  },
};

export const loadUsedTable: BenchCase = {
  name: 'load into a table in use (MERGE), against bare COPY with key',
  goal: { atLeast: 0.75, unit: '×' },
  run: async (bench) => {
    const found = await loads(bench);
    return { value: ratio(found.times.copy, found.times.loadUsed), detail: throughput(found, 'loadUsed') };
  },
};

export const resync: BenchCase = {
  name: 'WAL of syncing the same rows again, against the WAL of their load',
  goal: { atMost: 1, unit: '%' },
  run: async (bench) => {
    const { wal } = await loads(bench);
    const megabytes = (bytes: readonly number[]): string => (median(bytes) / 1e6).toFixed(2);
    return {
      value: 100 * ratio(wal.again, wal.load),
      detail: `${megabytes(wal.again)} MB, the load wrote ${megabytes(wal.load)} MB`,
    };
  },
};
