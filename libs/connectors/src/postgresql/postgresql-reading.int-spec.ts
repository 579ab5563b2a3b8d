import { usePostgres, waitFor } from '@freshet/testing';
import { SourceUnderTest } from './source-under-test';

const postgres = usePostgres();
const query = (sql: string) => postgres.pool.query(sql);

const orders = { table: 'orders', key: ['id'], cursor: 'updated_at' };
const source = (stream: Record<string, unknown> = orders): SourceUnderTest =>
  new SourceUnderTest(postgres.url, [stream]);
const idsOf = (rows: readonly Record<string, unknown>[]): number[] =>
  rows.map(({ id }) => Number(id)).sort((a, b) => a - b);

beforeEach(() =>
  query(`DROP TABLE IF EXISTS orders;
         CREATE TABLE orders (id bigint PRIMARY KEY, updated_at timestamptz, note text)`),
);

describe('reading on by a cursor', () => {
  /** 2026-03-01T12:00:00Z and so many seconds. */
  const add = (id: number, seconds: number): string =>
    `INSERT INTO orders VALUES (${id}, timestamptz '2026-03-01 12:00:00Z' + ${seconds} * interval '1 second')`;

  it('brings a row that was committed late, though its cursor lies below the last', async () => {
    await query(add(1, 0));
    const late = await postgres.pool.connect();
    await late.query('BEGIN');
    await late.query(add(2, 10));
    await query(add(3, 20));
    const first = await source().read('orders');
    await late.query('COMMIT');
    late.release();
    expect(idsOf(first.rows)).toEqual([1, 3]);
    const wide = await source().read('orders', { checkpoint: first.checkpoint });
    const narrow = await source({ ...orders, lookback: 0 }).read('orders', { checkpoint: first.checkpoint });
    expect([idsOf(wide.rows), idsOf(narrow.rows)]).toEqual([[1, 2, 3], [3]]);
  });

  it('brings what was committed late below the place where a pass was interrupted', async () => {
    await query(
      `INSERT INTO orders SELECT n, timestamptz '2026-03-01 12:00:00Z' + n * interval '1 minute' FROM generate_series(1, 400) n`,
    );
    const stopped = await source().read('orders', { batches: 1 });
    expect(stopped.rows).toHaveLength(25);
    await query(add(1_000, 24 * 60 + 30));
    const resumed = await source().read('orders', { checkpoint: stopped.checkpoint });
    expect(idsOf(resumed.rows)[0]).toBe(26);
    const next = await source().read('orders', { checkpoint: resumed.checkpoint });
    expect(idsOf(next.rows)).toContain(1_000);
    const settled = await source().read('orders', { checkpoint: next.checkpoint });
    expect(idsOf(settled.rows)).toEqual([395, 396, 397, 398, 399, 400]);
  });

  it('loses none of the rows that share a cursor, wherever it is stopped', async () => {
    await query(`INSERT INTO orders SELECT n, '2026-03-01 12:00:00.123456Z' FROM generate_series(1, 250) n`);
    const stopped = await source().read('orders', { batches: 1 });
    const resumed = await source().read('orders', { checkpoint: stopped.checkpoint });
    expect(idsOf([...stopped.rows, ...resumed.rows])).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
  });

  it('goes on after the server ended its connection', async () => {
    await query(`INSERT INTO orders SELECT n, '2026-03-01 12:00:00Z' FROM generate_series(1, 250) n`);
    let ended = false;
    const end = async (): Promise<void> => {
      if (ended) return;
      ended = true;
      await query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'freshet'`,
      );
    };
    const { rows, error } = await source().read('orders', { onBatch: end });
    expect(error).toBeNull();
    expect(idsOf(rows)).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
  });

  it('says that it leaves out rows without a cursor', async () => {
    await query(`INSERT INTO orders VALUES (1, NULL), (2, '2026-03-01 12:00:00Z')`);
    const { rows, warnings } = await source().read('orders');
    expect(idsOf(rows)).toEqual([2]);
    expect(warnings).toEqual([expect.stringContaining('without updated_at')]);
  });

  it('begins anew when another cursor is chosen', async () => {
    await query(`${add(1, 0)}; ${add(2, 5_000)}`);
    const first = await source().read('orders');
    const other = { ...orders, cursor: 'id' };
    const { rows } = await source(other).read('orders', { checkpoint: first.checkpoint });
    expect(idsOf(rows)).toEqual([1, 2]);
  });
});

describe('reading whole', () => {
  it('leaves out what was deleted', async () => {
    await query(`INSERT INTO orders VALUES (1), (2), (3); DELETE FROM orders WHERE id = 2`);
    const { rows, checkpoint } = await source({ table: 'orders', key: ['id'] }).read('orders');
    expect(idsOf(rows)).toEqual([1, 3]);
    expect(checkpoint).toBeNull();
  });

  it('never mixes two moments: after a broken connection it asks to begin again', async () => {
    await query(`INSERT INTO orders SELECT n FROM generate_series(1, 250) n`);
    const { error } = await source({ table: 'orders' }).read('orders', {
      onBatch: async () =>
        void (await query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'freshet'`,
        )),
    });
    expect(error).toMatchObject({ code: 'source_page_expired' });
  });

  it('sees one moment, whatever is written meanwhile', async () => {
    await query(`INSERT INTO orders SELECT n FROM generate_series(1, 250) n`);
    const { rows } = await source({ table: 'orders' }).read('orders', {
      onBatch: async () => void (await query('UPDATE orders SET id = id + 1000 WHERE id < 1000')),
    });
    expect(idsOf(rows)).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
  });

  it('takes a stream name of 200 characters', async () => {
    const name = `a${'_very_long'.repeat(19)}_nam_end`.padEnd(200, 'x');
    await query('INSERT INTO orders VALUES (1)');
    expect((await source({ table: 'orders', name }).read(name)).rows).toHaveLength(1);
  });

  it('reads tables whose names need quotes', async () => {
    await query(`CREATE SCHEMA "odd.schema"; CREATE TABLE "odd.schema"."Odd ""Table""" ("Größe (cm)" int)`);
    await query(`INSERT INTO "odd.schema"."Odd ""Table""" VALUES (7)`);
    const { rows } = await source({ table: '"odd.schema"."Odd ""Table"""', name: 'odd' }).read('odd');
    expect(rows).toEqual([{ größe_cm: '7' }]);
  });
});

describe('a query that goes on', () => {
  it('is stopped at the server when reading is cancelled', async () => {
    const slow = source({ name: 'slow', query: 'SELECT pg_sleep(60)::text AS slept' });
    const running = `SELECT FROM pg_stat_activity
      WHERE application_name = 'freshet' AND state = 'active' AND query LIKE '%FETCH%' AND datname = current_database()`;
    const isRunning = async (): Promise<boolean> => (await query(running)).rowCount === 1;
    const controller = new AbortController();
    const reading = slow.read('slow', {}, SourceUnderTest.context(['127.0.0.1'], controller.signal));
    await waitFor(isRunning, { timeout: 10_000, what: 'the query to run' });
    controller.abort();
    expect((await reading).error).toMatchObject({ code: 'cancelled' });
    await waitFor(async () => !(await isRunning()), { timeout: 10_000, what: 'the query to end' });
  }, 30_000);
});

describe('columns that change', () => {
  const whole = { table: 'orders', key: ['id'] };

  it('keeps a dropped column, empty, before a new one', async () => {
    await query(`INSERT INTO orders VALUES (1, now(), 'x')`);
    const before = await source(whole).read('orders');
    await query(`ALTER TABLE orders DROP note, ADD channel text DEFAULT 'web'`);
    const { rows, columns } = await source(whole).read('orders', { knownColumns: [...before.columns] });
    expect(columns.map(({ name }) => name)).toEqual(['id', 'updated_at', 'note', 'channel']);
    expect(rows).toMatchObject([{ id: '1', note: null, channel: 'web' }]);
  });

  it('widens a column whose type changed there, and never narrows it', async () => {
    await query(`INSERT INTO orders VALUES (1)`);
    const known = [
      { name: 'id', type: 'date' },
      { name: 'updated_at', type: 'date' },
      { name: 'note', type: 'bigint' },
    ] as const;
    const { columns } = await source(whole).read('orders', { knownColumns: [...known] });
    expect(columns.map(({ type }) => type)).toEqual(['text', 'timestamp', 'text']);
  });
});
