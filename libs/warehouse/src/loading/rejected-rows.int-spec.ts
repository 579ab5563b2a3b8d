import { usePostgres } from '@freshet/testing';
import type { Row } from './slice';
import { none, useStreams } from './stream-under-test';

const { newStream } = useStreams(usePostgres());

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
