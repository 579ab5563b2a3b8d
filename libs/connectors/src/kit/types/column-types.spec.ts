import type { Column } from '../column';
import { ColumnTypes } from './column-types';
import type { RawRow } from './raw-value';

const learn = (
  names: string[],
  rows: RawRow[],
  known: Column[] | null = null,
  sampleRows = 2,
): ColumnTypes => {
  const types = new ColumnTypes({ known, sampleRows, untyped: true });
  for (const name of names) types.add(name);
  for (const row of rows) types.observe(row);
  return types;
};

describe('ColumnTypes', () => {
  it.each<[string, string[], Column['type']]>([
    ['whole numbers, then a decimal', ['1', '2', '2.5'], 'numeric'],
    ['numbers, then a word', ['1', '2', 'n/a'], 'text'],
    ['dates, then a timestamp', ['2024-01-01', '2024-01-02', '2024-01-03T10:00:00Z'], 'timestamp'],
    ['blanks, then numbers', ['', '', '5', '6.5'], 'numeric'],
    ['dates, then a day that does not exist', ['2024-01-01', '2024-01-02', '2023-02-29'], 'date'],
  ])('widens after the sample: %s', (_what, values, type) => {
    expect(
      learn(
        ['x'],
        values.map((value) => [value]),
      ).columns(),
    ).toEqual([{ name: 'x', type }]);
  });

  it('keeps known types that still fit, though narrower ones would do', () => {
    const known: Column[] = [
      { name: 'x', type: 'text' },
      { name: 'y', type: 'double' },
    ];
    expect(learn(['x', 'y'], [['1', '1.25']], known).columns()).toEqual(known);
  });

  it('rejects what is impossible in a known column even at the beginning', () => {
    const types = learn(['day'], [['2023-02-29']], [{ name: 'day', type: 'date' }]);
    expect(types.columns()).toEqual([{ name: 'day', type: 'date' }]);
    expect(types.projection([])(['2023-02-29'])).toEqual({
      reason: 'The value in day is not a day or time that exists.',
    });
  });

  it('keeps known columns first, also one that vanished, and adds new ones', () => {
    const types = learn(
      ['c', 'a'],
      [['x', '1']],
      [
        { name: 'a', type: 'bigint' },
        { name: 'b', type: 'date' },
      ],
    );
    expect(types.columns()).toEqual([
      { name: 'a', type: 'bigint' },
      { name: 'b', type: 'date' },
      { name: 'c', type: 'text' },
    ]);
    expect(types.projection([])(['x', '1'])).toEqual({ row: ['1', null, 'x'] });
  });

  it('fills up rows that end early', () => {
    expect(learn(['a', 'b'], [['1', '2']]).projection([])(['1'])).toEqual({ row: ['1', null] });
  });

  it('refuses a row without its key', () => {
    expect(learn(['id'], [['1']]).projection(['id'])([''])).toEqual({
      reason: 'The key column id is empty.',
    });
  });
});
