import { usePostgres } from '@freshet/testing';
import type { Row } from './slice';
import { none, useStreams } from './stream-under-test';

const { newStream } = useStreams(usePostgres());

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
