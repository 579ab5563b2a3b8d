import { usePostgres } from '@freshet/testing';
import type { PoolClient } from 'pg';
import { projectSchema } from '../names';
import type { StreamColumn } from './column-types';
import { loadSlice } from './load-slice';
import type { Row, Slice, SliceResult } from './slice';
import { addColumns, createStreamTable, qualifiedStreamTable } from './stream-table';

const postgres = usePostgres();

const columns: StreamColumn[] = [
  { name: 'id', type: 'bigint' },
  { name: 'day', type: 'date' },
  { name: 'amount', type: 'numeric' },
  { name: 't', type: 'text' },
];
let nextStream = 0;

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

type More = Partial<Slice>;

/** A fresh stream and a way to load slices into it, each in a transaction of its own. */
const newStream = async ({ key = ['id'], of = columns }: { key?: string[]; of?: StreamColumn[] } = {}) => {
  const table = { projectId: '1', streamId: 'x'.repeat(200) + ++nextStream, generation: 1 };
  await inTransaction((client) => createStreamTable(client, { ...table, columns: of, key }));
  const name = qualifiedStreamTable(table);
  return {
    table,
    name,
    load: (mode: Slice['mode'], rows: Row[], more: More = {}): Promise<SliceResult> =>
      inTransaction((client) => loadSlice(client, { table, columns: of, key, mode, rows: [rows], ...more })),
    rows: async (): Promise<unknown[][]> =>
      (
        await postgres.pool.query<unknown[]>({
          text: `SELECT t.* FROM ${name} t ORDER BY t.*::text`,
          rowMode: 'array',
        })
      ).rows,
    /** Where each row lies and which transaction wrote it: changes when a row is written, whatever its values. */
    traces: async (): Promise<unknown[]> =>
      (await postgres.pool.query(`SELECT ctid, xmin, xmax FROM ${name} ORDER BY ctid`)).rows,
  };
};

const none = { received: 0, inserted: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0, superseded: 0 };

beforeAll(async () => {
  await postgres.pool.query(`CREATE SCHEMA ${projectSchema('1')}`);
});

describe('the mode upsert', () => {
  it('inserts, updates what differs, leaves the rest, and says how many of each', async () => {
    const stream = await newStream();
    const first = await stream.load('upsert', [
      [1, '2026-01-01', '1.10', 'a'],
      [2, '2026-01-02', '2.20', 'b'],
    ]);
    expect(first).toMatchObject({ ...none, received: 2, inserted: 2, changed: true });
    const second = await stream.load('upsert', [
      [1, '2026-01-01', '1.10', 'a'],
      [2, '2026-01-02', '2.21', 'b'],
      [3, null, null, null],
    ]);
    expect(second).toMatchObject({
      ...none,
      received: 3,
      inserted: 1,
      updated: 1,
      unchanged: 1,
      changed: true,
    });
    expect(await stream.rows()).toEqual([
      ['1', expect.any(Date), '1.10', 'a'],
      ['2', expect.any(Date), '2.21', 'b'],
      ['3', null, null, null],
    ]);
  });

  it('writes nothing when it is run again', async () => {
    const stream = await newStream();
    const rows: Row[] = Array.from({ length: 500 }, (_, i) => [
      i,
      '2026-01-01',
      `${i}.50`,
      i % 7 ? 'x' : null,
    ]);
    await stream.load('upsert', rows);
    const before = await stream.traces();
    expect(await stream.load('upsert', rows)).toMatchObject({
      ...none,
      received: 500,
      unchanged: 500,
      changed: false,
    });
    expect(await stream.traces()).toEqual(before);
  });

  it('lets the last of several rows with one key win', async () => {
    const stream = await newStream();
    const rows: Row[] = [
      [1, null, '1', 'first'],
      [2, null, '1', 'other'],
      [1, null, '2', 'second'],
      [1, null, '3', 'last'],
    ];
    expect(await stream.load('upsert', rows)).toMatchObject({
      ...none,
      received: 4,
      inserted: 2,
      superseded: 2,
    });
    expect(await stream.load('upsert', rows)).toMatchObject({
      ...none,
      received: 4,
      unchanged: 2,
      superseded: 2,
      changed: false,
    });
    expect(await stream.rows()).toEqual([
      ['1', null, '3', 'last'],
      ['2', null, '1', 'other'],
    ]);
  });

  it('does so too in the transaction that created the table', async () => {
    const table = { projectId: '1', streamId: 'created with its rows', generation: 1 };
    const slice = { table, columns, key: ['id'], mode: 'upsert' as const };
    const loaded = await inTransaction(async (client) => {
      await createStreamTable(client, { ...table, columns, key: ['id'] });
      const first = await loadSlice(client, {
        ...slice,
        rows: [
          [
            [1, null, null, 'a'],
            [2, null, null, 'b'],
          ],
          [[1, null, null, 'c']],
        ],
      });
      const second = await loadSlice(client, {
        ...slice,
        rows: [
          [
            [2, null, null, 'd'],
            [3, null, null, 'e'],
          ],
        ],
      });
      return [first, second];
    });
    expect(loaded).toMatchObject([
      { ...none, received: 3, inserted: 2, superseded: 1 },
      { ...none, received: 2, inserted: 1, updated: 1 },
    ]);
    const { rows } = await postgres.pool.query(`SELECT t FROM ${qualifiedStreamTable(table)} ORDER BY id`);
    expect(rows).toEqual([{ t: 'c' }, { t: 'd' }, { t: 'e' }]);
    await expect(
      postgres.pool.query(`INSERT INTO ${qualifiedStreamTable(table)} (id) VALUES (1)`),
    ).rejects.toThrow('unique');
  });

  it('sees a change of scale, and keeps money and 64-bit ids exact', async () => {
    const stream = await newStream();
    const id = '9223372036854775807';
    await stream.load('upsert', [
      [id, null, '79228162514264337593543950335.1234567890', 'x'],
      ['-9223372036854775808', null, '0.10', null],
    ]);
    expect(await stream.rows()).toEqual([
      ['-9223372036854775808', null, '0.10', null],
      [id, null, '79228162514264337593543950335.1234567890', 'x'],
    ]);
    expect(await stream.load('upsert', [['-9223372036854775808', null, '0.1', null]])).toMatchObject({
      updated: 1,
    });
  });

  it('fills a column that the source no longer sends with nulls', async () => {
    const stream = await newStream();
    await stream.load('upsert', [
      [1, '2026-01-01', '1', 'a'],
      [2, '2026-01-01', '1', 'b'],
    ]);
    const left = columns.filter(({ name }) => name !== 'amount');
    expect(await stream.load('upsert', [[1, '2026-01-01', 'a']], { columns: left })).toMatchObject({
      ...none,
      received: 1,
      updated: 1,
    });
    expect((await stream.rows()).map((row) => row[2])).toEqual([null, '1']);
  });

  it('counts rows as unchanged after a column was added', async () => {
    const stream = await newStream();
    await stream.load('upsert', [[1, '2026-01-01', '1', 'a']]);
    const note: StreamColumn = { name: 'note', type: 'json' };
    await inTransaction((client) => addColumns(client, stream.table, [note]));
    expect(
      await stream.load('upsert', [[1, '2026-01-01', '1', 'a', null]], { columns: [...columns, note] }),
    ).toMatchObject({ unchanged: 1, changed: false });
    expect(
      await stream.load('upsert', [[1, '2026-01-01', '1', 'a', '{"b": 1}']], { columns: [...columns, note] }),
    ).toMatchObject({ updated: 1 });
  });

  it('works when every column belongs to the key', async () => {
    const stream = await newStream({
      of: [
        { name: 's', type: 'text' },
        { name: 'Größe "x"', type: 'bigint' },
      ],
      key: ['s', 'Größe "x"'],
    });
    expect(
      await stream.load('upsert', [
        ['a', 1],
        ['a', 2],
      ]),
    ).toMatchObject({ inserted: 2 });
    expect(
      await stream.load('upsert', [
        ['a', 2],
        ['a', 3],
      ]),
    ).toMatchObject({ ...none, received: 2, inserted: 1, unchanged: 1 });
  });

  it('is refused without a key', async () => {
    const stream = await newStream({ key: [] });
    await expect(stream.load('upsert', [])).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('takes loads of one table by two connections one after the other', async () => {
    const stream = await newStream();
    const rows = (by: string): Row[] => Array.from({ length: 300 }, (_, i) => [i, null, '1', by]);
    const loads = await Promise.all(['a', 'b', 'c', 'd'].map((by) => stream.load('upsert', rows(by))));
    expect(loads.map(({ inserted }) => inserted).sort((a, b) => a - b)).toEqual([0, 0, 0, 300]);
    expect(loads.map(({ updated }) => updated).sort((a, b) => a - b)).toEqual([0, 300, 300, 300]);
  });
});

describe('the mode replace-all', () => {
  it('with a key deletes the rows that vanished upstream', async () => {
    const stream = await newStream();
    await stream.load('replace-all', [
      [1, null, '1', 'a'],
      [2, null, '2', 'b'],
      [3, null, '3', 'c'],
    ]);
    const result = await stream.load('replace-all', [
      [2, null, '2', 'b'],
      [3, null, '4', 'c'],
      [4, null, '5', 'd'],
    ]);
    expect(result).toMatchObject({ ...none, received: 3, inserted: 1, updated: 1, unchanged: 1, deleted: 1 });
    expect((await stream.rows()).map(([id]) => id)).toEqual(['2', '3', '4']);
  });

  it('without a key compares whole rows and how often they occur', async () => {
    const stream = await newStream({ key: [] });
    const [a, b, c]: Row[] = [
      [1, null, '1', 'a'],
      [1, null, '1', 'b'],
      [null, null, null, null],
    ] as const;
    await stream.load('replace-all', [a, a, a, b, c] as Row[]);
    const result = await stream.load('replace-all', [a, b, b, c, [7, null, null, null]] as Row[]);
    expect(result).toMatchObject({ ...none, received: 5, inserted: 2, unchanged: 3, deleted: 2 });
    expect(await stream.rows()).toHaveLength(5);
  });

  it.each([[['id']], [[]]])('writes nothing when it is run again (key %j)', async (key) => {
    const stream = await newStream({ key });
    const rows: Row[] = Array.from({ length: 500 }, (_, i) => [i, '2026-01-01', '0.50', 'x']);
    await stream.load('replace-all', rows);
    const before = await stream.traces();
    expect(await stream.load('replace-all', rows)).toMatchObject({
      ...none,
      received: 500,
      unchanged: 500,
      changed: false,
    });
    expect(await stream.traces()).toEqual(before);
  });

  it('empties the table when nothing is left upstream', async () => {
    const stream = await newStream();
    await stream.load('replace-all', [[1, null, null, null]]);
    expect(await stream.load('replace-all', [])).toMatchObject({ ...none, deleted: 1, changed: true });
  });
});

describe('the mode replace-window', () => {
  const window = { column: 'day', from: '2026-01-02', to: '2026-01-04' };
  const history: Row[] = ['01', '02', '03', '04'].map((day, i) => [i, `2026-01-${day}`, '1', 'a']);

  it.each([[['id']], [[]]])('deletes vanished rows of its window and of no other (key %j)', async (key) => {
    const stream = await newStream({ key });
    await stream.load('append', history);
    const slice: Row[] = [
      [1, '2026-01-02', '1', 'a'],
      [9, '2026-01-03', '1', 'new'],
    ];
    expect(await stream.load('replace-window', slice, { window })).toMatchObject({
      ...none,
      received: 2,
      inserted: 1,
      unchanged: 1,
      deleted: 1,
    });
    expect((await stream.rows()).map(([id]) => id)).toEqual(['0', '1', '3', '9']);
    expect(await stream.load('replace-window', slice, { window })).toMatchObject({
      unchanged: 2,
      changed: false,
    });
  });

  it('rejects rows that are outside of the window', async () => {
    const stream = await newStream();
    const result = await stream.load(
      'replace-window',
      [
        [1, '2026-01-02', '1', 'a'],
        [2, '2026-01-04', '1', 'b'],
        [3, null, '1', 'c'],
      ],
      { window },
    );
    expect(result).toMatchObject({ ...none, received: 3, inserted: 1, rejected: 2 });
  });

  it('is refused without a window', async () => {
    await expect((await newStream()).load('replace-window', [])).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

describe('the mode append', () => {
  it('with a key adds only rows that are new, and never changes one', async () => {
    const stream = await newStream();
    await stream.load('append', [[1, null, '1', 'a']]);
    expect(
      await stream.load('append', [
        [1, null, '2', 'changed'],
        [2, null, '1', 'b'],
      ]),
    ).toMatchObject({ ...none, received: 2, inserted: 1, unchanged: 1 });
    expect((await stream.rows()).map((row) => row[3])).toEqual(['a', 'b']);
  });

  it('without a key adds every row', async () => {
    const stream = await newStream({ key: [] });
    await stream.load('append', [[1, null, '1', 'a']]);
    expect(await stream.load('append', [[1, null, '1', 'a']])).toMatchObject({
      ...none,
      received: 1,
      inserted: 1,
    });
    expect(await stream.rows()).toHaveLength(2);
  });
});

describe('rows that cannot be loaded', () => {
  it('are set aside with their number, a reason and what they held, and the others are loaded', async () => {
    const stream = await newStream();
    const rows: Row[] = [
      [1, '2026-01-01', '1', 'good'],
      ['two', '2026-01-01', '1', 'a text in a number'],
      [3, '2026-02-30', '1', 'no such day'],
      [4, null, '1', 'a\0b'],
      ['9223372036854775808', null, '1', 'too large'],
      [null, null, '1', 'no key'],
      [7, null, '1', 'half \ud83d of a pair'],
      [8, null, 'NaN', 'not a number'],
      [9, '2026-01-02', null, 'good too: 🙂 \\N \t \n'],
    ];
    const result = await stream.load('upsert', rows);
    expect(result).toMatchObject({ ...none, received: 9, inserted: 2, rejected: 7 });
    expect(result.rejects.map(({ row, reason }) => `${row}: ${reason}`)).toEqual([
      '2: Column "id" holds "two", which is not a whole number',
      '3: Column "day" holds "2026-02-30", which is not a date such as 2026-01-31',
      '4: Column "t" holds a NUL character, which no text can hold',
      '5: Column "id" holds "9223372036854775808", which is not within 64 bits',
      '6: Column "id" is part of the key and empty',
      '7: Column "t" holds half of a surrogate pair, which is not valid Unicode',
      '8: Column "amount" holds "NaN", which is not a number',
    ]);
    expect(result.rejects[0]?.raw).toBe('["two","2026-01-01","1","a text in a number"]');
    expect((await stream.rows()).map((row) => row[3])).toEqual(['good', 'good too: 🙂 \\N \t \n']);
  });

  it('are found by the database where we did not see it, and numbered as they came', async () => {
    const stream = await newStream({
      of: [
        { name: 'id', type: 'bigint' },
        { name: 'j', type: 'json' },
      ],
    });
    const result = await stream.load('upsert', [
      [1, '{}'],
      ['x', '{}'],
      [3, '{"n": 1e200000}'],
      [4, '[]'],
      ['y', '{}'],
      [6, '1e300000'],
    ]);
    expect(result).toMatchObject({ ...none, received: 6, inserted: 2, rejected: 4 });
    expect(result.rejects.map(({ row }) => row)).toEqual([2, 3, 5, 6]);
    expect(result.rejects[1]?.reason).toBe('Column "j" holds a value that its type cannot hold');
  });

  it('fail the slice above the limit, which leaves the table as it was', async () => {
    const stream = await newStream();
    await stream.load('upsert', [[1, null, null, 'old']]);
    const limits = { rejects: { share: 0.01, rows: 2 } };
    const rows: Row[] = [
      [1, null, null, 'new'],
      ['a', null, null, null],
      ['b', null, null, null],
      ['c', null, null, null],
    ];
    await expect(stream.load('upsert', rows, { limits })).rejects.toMatchObject({ code: 'too_many_rejects' });
    expect((await stream.rows()).map((row) => row[3])).toEqual(['old']);
    expect(await stream.load('upsert', rows.slice(0, 3), { limits })).toMatchObject({
      updated: 1,
      rejected: 2,
    });
  });

  it('are rejected when their key is longer than an index can hold', async () => {
    const stream = await newStream({ of: [{ name: 'k', type: 'text' }], key: ['k'] });
    expect(await stream.load('upsert', [['ä'.repeat(1_300)], ['ä'.repeat(1_301)]])).toMatchObject({
      inserted: 1,
      rejected: 1,
    });
  });
});

describe('a load that ends early', () => {
  it('hands on the error of the source and leaves the connection usable', async () => {
    const stream = await newStream();
    const broken = async function* (): AsyncGenerator<Row[]> {
      yield [[1, null, null, 'a']];
      throw new Error('the source broke off');
    };
    await expect(stream.load('upsert', [], { rows: broken() })).rejects.toThrow('the source broke off');
    expect(await stream.rows()).toEqual([]);
  });

  it('stops when the signal aborts', async () => {
    const stream = await newStream();
    const cancel = new AbortController();
    const endless = async function* (): AsyncGenerator<Row[]> {
      for (let id = 0; ; id++) yield [[id, null, null, 'a']];
    };
    const onProgress = (rows: number): void => (rows === 1_000 ? cancel.abort() : undefined);
    await expect(
      stream.load('upsert', [], { rows: endless(), signal: cancel.signal, onProgress }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(await stream.rows()).toEqual([]);
  });
});

it('holds no more than a batch in memory, however long the slice', async () => {
  const stream = await newStream();
  const batch = (from: number): Row[] =>
    Array.from({ length: 1_000 }, (_, i) => [
      from + i,
      '2026-01-01',
      '1.50',
      'some text that takes room in memory',
    ]);
  let greatest = 0;
  const before = process.memoryUsage().arrayBuffers;
  const batches = async function* (): AsyncGenerator<Row[]> {
    for (let from = 0; from < 200_000; from += 1_000) {
      yield batch(from);
      greatest = Math.max(greatest, process.memoryUsage().arrayBuffers - before);
    }
  };
  expect(await stream.load('upsert', [], { rows: batches() })).toMatchObject({ inserted: 200_000 });
  expect(greatest).toBeLessThan(8 * 1024 * 1024);
});
