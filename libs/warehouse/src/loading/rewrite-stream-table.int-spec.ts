import { usePostgres } from '@freshet/testing';
import type { StreamColumn } from './column-types';
import { loadSlice } from './load-slice';
import { rewriteStreamTable } from './rewrite-stream-table';
import { planSchemaChange } from './schema-change';
import { addColumns, createStreamTable, lockStreamTable, qualifiedStreamTable } from './stream-table';
import { columns, useStreams } from './stream-under-test';

const postgres = usePostgres();
const { newStream, inTransaction } = useStreams(postgres);

describe('rewriting a stream table', () => {
  it('builds the next generation with every value kept, and leaves the old one to its readers', async () => {
    const old: StreamColumn[] = [
      { name: 'id', type: 'bigint' },
      { name: 'part', type: 'double' },
      { name: 'day', type: 'date' },
      { name: 'at', type: 'timestamp' },
      { name: 'ok', type: 'boolean' },
      { name: 'extra', type: 'json' },
    ];
    const stream = await newStream({ of: old });
    await stream.load('upsert', [
      ['9007199254740993', 0.1 + 0.2, '2026-01-31', '2026-01-31T10:00:00+02:00', true, '"plain"'],
      [2, null, null, null, null, null],
    ]);
    const incoming: StreamColumn[] = [
      { name: 'id', type: 'numeric' },
      { name: 'part', type: 'numeric' },
      { name: 'day', type: 'timestamp' },
      { name: 'at', type: 'text' },
      { name: 'ok', type: 'text' },
      { name: 'extra', type: 'text' },
      { name: 'new', type: 'text' },
    ];
    const plan = planSchemaChange(old, incoming);
    const rewritten = await inTransaction(async (client) => {
      await client.query(`SET LOCAL TimeZone = 'Asia/Kathmandu'`);
      const next = { columns: plan.columns, key: ['id'] };
      return rewriteStreamTable(client, { from: stream.table, columns: old, next });
    });
    expect(rewritten).toEqual({ next: { ...stream.table, generation: 2 }, rows: 2 });
    const { rows } = await postgres.pool.query<unknown[]>({
      text: `SELECT id, part, day = '2026-01-31Z', at, ok, extra, new FROM ${qualifiedStreamTable(rewritten.next)} ORDER BY id`,
      rowMode: 'array',
    });
    expect(rows).toEqual([
      ['2', null, null, null, null, null, null],
      ['9007199254740993', '0.30000000000000004', true, '2026-01-31T08:00:00.000000Z', 'true', 'plain', null],
    ]);
    expect(await stream.rows()).toHaveLength(2);
    const slice = { table: rewritten.next, columns: plan.load, key: ['id'], mode: 'upsert' as const };
    const result = await inTransaction((client) =>
      loadSlice(client, { ...slice, rows: [[['2', '1', null, 'x', null, null, 'y']]] }),
    );
    expect(result).toMatchObject({ updated: 1 });
  });
});

describe('the lock of a stream table', () => {
  it('keeps other writers of the stream out until the transaction ends, and those of other streams in', async () => {
    const order: string[] = [];
    let second: Promise<unknown> = Promise.resolve();
    await inTransaction(async (client) => {
      await lockStreamTable(client, 'a');
      second = inTransaction(async (other) => {
        await lockStreamTable(other, 'a');
        order.push('second');
      });
      await inTransaction((third) => lockStreamTable(third, 'b'));
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
  });
});

describe('adding columns', () => {
  it('waits for readers a moment at a time, and gets the lock when they are done', async () => {
    const stream = await newStream();
    const reader = await postgres.pool.connect();
    await reader.query('BEGIN');
    await reader.query(`SELECT * FROM ${stream.name}`);
    const adding = inTransaction((client) =>
      addColumns(client, stream.table, [{ name: 'note', type: 'text' }]),
    );
    // A reader that comes while the column waits is not held up for good.
    expect((await postgres.pool.query(`SELECT * FROM ${stream.name}`)).rowCount).toBe(0);
    await reader.query('COMMIT');
    reader.release();
    await adding;
    const { fields } = await postgres.pool.query(`SELECT * FROM ${stream.name}`);
    expect(fields.map(({ name }) => name)).toEqual([...columns.map(({ name }) => name), 'note']);
  });
});

describe('creating a stream table', () => {
  it.each([
    ['a name that PostgreSQL would cut', [{ name: 'ä'.repeat(32), type: 'text' }], [], '63 bytes'],
    [
      'two columns of one name',
      [
        { name: 'a', type: 'text' },
        { name: 'a', type: 'date' },
      ],
      [],
      'two columns named "a"',
    ],
    ['a name that every table has', [{ name: 'ctid', type: 'text' }], [], 'keeps the column name "ctid"'],
    ['a key that is no column', [{ name: 'a', type: 'text' }], ['b'], 'key column "b"'],
  ] as [string, StreamColumn[], string[], string][])(
    'refuses %s with a sentence',
    async (_, of, key, sentence) => {
      const table = { projectId: '1', streamId: 'refused', generation: 1, columns: of, key };
      const failure = inTransaction((client) => createStreamTable(client, table));
      await expect(failure).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(sentence),
      });
    },
  );
});
