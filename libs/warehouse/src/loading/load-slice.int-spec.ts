import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { usePostgres } from '@freshet/testing';
import type { StreamColumn } from './column-types';
import { loadSlice } from './load-slice';
import type { Row } from './slice';
import { addColumns, createStreamTable, qualifiedStreamTable } from './stream-table';
import { columns, none, useStreams } from './stream-under-test';

const postgres = usePostgres();
const { newStream, inTransaction } = useStreams(postgres);

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

  it('says so when the table is gone', async () => {
    const stream = await newStream();
    const load = stream.load('upsert', [], { table: { ...stream.table, generation: 2 } });
    await expect(load).rejects.toMatchObject({ code: 'not_found' });
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

it('holds no more than a few batches in memory, however long the slice', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const inUse = (): number => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const stream = await newStream();
  const text = 'some text that takes room in memory '.repeat(12);
  const batch = (from: number): Row[] =>
    Array.from({ length: 500 }, (_, i) => [from + i, '2026-01-01', '1.50', text]);
  const before = inUse();
  let greatest = 0;
  const batches = async function* (): AsyncGenerator<Row[]> {
    for (let from = 0; from < 100_000; from += 500) {
      yield batch(from);
      if (from % 5_000 === 0) greatest = Math.max(greatest, inUse() - before);
    }
  };
  expect(await stream.load('upsert', [], { rows: batches() })).toMatchObject({ inserted: 100_000 });
  // The whole slice is more than 45 MB of text.
  expect(greatest).toBeLessThan(4 * 1024 * 1024);
}, 60_000);
