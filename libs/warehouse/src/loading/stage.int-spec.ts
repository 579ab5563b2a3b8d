import { usePostgres } from '@freshet/testing';
import type { StreamColumn } from './column-types';
import { loadSlice } from './load-slice';
import type { Row } from './slice';
import { addColumns } from './stream-table';
import { columns, none, useStreams, type StreamUnderTest } from './stream-under-test';

// What follows is about one session: a pool gives the connection that was last returned to it.
const postgres = usePostgres();
const { newStream, inTransaction } = useStreams(postgres);

/** Stages of the session, by name. */
const stages = async (): Promise<string[]> => {
  const { rows } = await postgres.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

/** Bytes that the session itself has written ahead so far. */
const walOfSession = async (): Promise<number> => {
  await postgres.pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await postgres.pool.query<{ bytes: number }>(
    `SELECT wal_bytes::float8 AS bytes FROM pg_stat_get_backend_wal(pg_backend_pid())`,
  );
  return rows[0]?.bytes ?? NaN;
};

const walOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = await walOfSession();
  await work();
  return (await walOfSession()) - before;
};

const someRows: Row[] = Array.from({ length: 300 }, (_, i) => [i, '2026-01-01', `${i}.50`, 'x'.repeat(i)]);
const ofColumns = (count: number): StreamColumn[] => [
  ...columns,
  ...Array.from({ length: count }, (_, i): StreamColumn => ({ name: `more ${i}`, type: 'text' })),
];

beforeEach(() => postgres.pool.query('DISCARD TEMP'));

describe('a slice that brings nothing new', () => {
  it('writes next to nothing ahead once its session has a stage', async () => {
    const stream = await newStream();
    await stream.load('replace-all', someRows);
    const again = (): Promise<unknown> => stream.load('replace-all', someRows);
    const withNewStage = await walOf(() => postgres.pool.query('DISCARD TEMP').then(again));
    const withKeptStage = await walOf(again);
    expect(withNewStage).toBeGreaterThan(8_000);
    expect(withKeptStage).toBeLessThan(2_000);
  });

  it('leaves no row in the catalogue', async () => {
    const stream = await newStream();
    await stream.load('upsert', someRows);
    await stream.load('upsert', someRows);
    const written = await inTransaction(async (client) => {
      const slice = { table: stream.table, columns, key: ['id'], mode: 'upsert' as const, rows: [someRows] };
      expect(await loadSlice(client, slice)).toMatchObject({ unchanged: 300, changed: false });
      const { rows } = await client.query<{ written: string }>(`
        SELECT count(*) AS written
        FROM (SELECT xmin FROM pg_attribute UNION ALL SELECT xmin FROM pg_type UNION ALL SELECT xmin FROM pg_depend) c
        WHERE xmin = pg_current_xact_id()::xid`);
      return rows;
    });
    expect(written).toEqual([{ written: '0' }]);
  });

  it('leaves nothing in the stage', async () => {
    const stream = await newStream();
    await stream.load('replace-all', someRows);
    await stream.load('replace-all', someRows);
    const [stage] = await stages();
    const { rows } = await postgres.pool.query(`SELECT pg_relation_size('pg_temp.${stage}')::int AS bytes`);
    expect(rows).toEqual([{ bytes: 0 }]);
  });
});

describe('a stage that was kept', () => {
  const rowsOf = async (stream: StreamUnderTest): Promise<unknown[]> =>
    (await stream.rows()).map(([id, , , text]) => [Number(id), text]);

  it('takes rows in the order of their arrival, however they fill its pages', async () => {
    const stream = await newStream();
    await stream.load('upsert', [[-1, null, null, 'there']]);
    await stream.load('upsert', [[-1, null, null, 'there']]);
    // Long rows leave gaps that short ones fit into.
    const rows: Row[] = Array.from({ length: 3_000 }, (_, i) => [
      Math.floor(i / 3),
      null,
      null,
      `${i} ${'x'.repeat((i * 7919) % 1_900)}`,
    ]);
    const last = new Map(rows.map(([id, , , text]) => [id, text]));
    expect(await stream.load('upsert', rows)).toMatchObject({ inserted: 1_000, superseded: 2_000 });
    expect(new Map((await rowsOf(stream)) as [number, string][])).toEqual(last.set(-1, 'there'));
  });

  it('is empty for each of several slices in one transaction', async () => {
    const stream = await newStream();
    await stream.load('upsert', [[1, null, null, 'a']]);
    const slice = { table: stream.table, columns, key: ['id'], mode: 'replace-all' as const };
    const load = (id: number) => ({ ...slice, rows: [[[id, null, null, 'b']]] satisfies Row[][] });
    const loaded = await inTransaction(async (client) => {
      const first = await loadSlice(client, load(2));
      await client.query('SAVEPOINT before');
      await loadSlice(client, load(3));
      await client.query('ROLLBACK TO SAVEPOINT before');
      return [first, await loadSlice(client, load(4)), await loadSlice(client, load(4))];
    });
    const one = { ...none, received: 1, inserted: 1, deleted: 1 };
    expect(loaded).toMatchObject([one, one, { ...none, received: 1, unchanged: 1 }]);
    expect(await rowsOf(stream)).toEqual([[4, 'b']]);
  });

  it('is made anew when the transaction that made it is rolled back', async () => {
    const stream = await newStream();
    await stream.load('append', []);
    await postgres.pool.query('DISCARD TEMP');
    const broken = async function* (): AsyncGenerator<Row[]> {
      yield [[1, null, null, 'a']];
      throw new Error('the source broke off');
    };
    await expect(stream.load('upsert', [], { rows: broken() })).rejects.toThrow('the source broke off');
    expect(await stages()).toEqual([]);
    expect(await stream.load('upsert', [[1, null, null, 'b']])).toMatchObject({ inserted: 1 });
    await expect(stream.load('upsert', [], { rows: broken() })).rejects.toThrow('the source broke off');
    expect(await stream.load('upsert', [[1, null, null, 'b']])).toMatchObject({ unchanged: 1 });
  });

  it('is shared by tables of one shape that take turns, and by no others', async () => {
    const key = ['id'];
    const [a, b] = [await newStream(), await newStream()];
    const textual = columns.map((column): StreamColumn => ({ ...column, type: column.name === 'amount' ? 'text' : column.type })); // prettier-ignore
    const c = await newStream({ key, of: textual });
    for (const step of [1, 2, 3]) {
      const counts = step === 1 ? { inserted: 1 } : { updated: 1 };
      for (const stream of [a, b, c])
        expect(await stream.load('replace-all', [[1, null, '1.0', `${stream.name} ${step}`]])).toMatchObject({
          ...none,
          received: 1,
          ...counts,
        });
    }
    for (const stream of [a, b, c]) expect(await rowsOf(stream)).toEqual([[1, `${stream.name} 3`]]);
    expect(await stages()).toHaveLength(2);
  });

  it('is not that of a table with a further column', async () => {
    const stream = await newStream();
    const note: StreamColumn = { name: 'note', type: 'json' };
    const of = [...columns, note];
    await stream.load('upsert', [[1, '2026-01-01', '1', 'a']]);
    await inTransaction((client) => addColumns(client, stream.table, [note]));
    expect(await stream.load('upsert', [[1, '2026-01-01', '1', 'a', '{}']], { columns: of })).toMatchObject({ updated: 1 }); // prettier-ignore
    expect(await stream.load('upsert', [[1, '2026-01-01', '1', 'a', '{}']], { columns: of })).toMatchObject({ unchanged: 1 }); // prettier-ignore
    expect(await stages()).toHaveLength(2);
  });

  it('gives way when its session meets many shapes', async () => {
    for (let more = 0; more < 6; more++) {
      const of = ofColumns(more);
      const stream = await newStream({ of });
      const row: Row = [1, null, '1', 'a', ...Array.from({ length: more }, () => 'b')];
      expect(await stream.load('upsert', [row], { columns: of })).toMatchObject({ inserted: 1 });
      expect(await stream.load('upsert', [row], { columns: of })).toMatchObject({ unchanged: 1 });
      expect((await stages()).length).toBeLessThanOrEqual(4);
    }
  });
});
