import { cellFormats, ImpossibleValue } from './cell-formats';
import type { ColumnType } from './column-types';
import type { Cell } from './slice';

const format = (type: ColumnType, value: NonNullable<Cell>): string => {
  const cell = cellFormats[type](value);
  return cell instanceof ImpossibleValue ? `impossible: ${cell.reason}` : cell;
};

describe('formatting a value for COPY', () => {
  it.each<[ColumnType, NonNullable<Cell>, string]>([
    ['text', 'plain ä 🙂', 'plain ä 🙂'],
    ['text', 'a\tb\nc\rd\\e', 'a\\tb\\nc\\rd\\\\e'],
    ['text', '\\N', '\\\\N'],
    ['text', 12.5, '12.5'],
    ['text', true, 'true'],
    ['text', { a: 'x\ny' }, '{"a":"x\\\\ny"}'],
    ['bigint', '9223372036854775807', '9223372036854775807'],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['bigint', ' 12 ', '12'],
    ['bigint', 12n, '12'],
    ['bigint', -0, '0'],
    ['numeric', '00012.3400', '00012.3400'],
    ['numeric', 1e21, '1e+21'],
    ['numeric', '-.5e-3', '-.5e-3'],
    ['double', '1e-400', '0'],
    ['double', 0.1, '0.1'],
    ['boolean', 'TRUE', 't'],
    ['boolean', 0, 'f'],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', new Date('2024-02-29T23:00:00Z'), '2024-02-29'],
    ['timestamp', '2024-02-29', '2024-02-29T00:00:00Z'],
    ['timestamp', '2024-02-29 10:00', '2024-02-29 10:00Z'],
    ['timestamp', '2024-02-29T10:00:00.123456', '2024-02-29T10:00:00.123456Z'],
    ['timestamp', '2024-02-29T10:00:00+02:00', '2024-02-29T10:00:00+02:00'],
    ['timestamp', '2024-02-29 10:00:00 -0530', '2024-02-29 10:00:00 -0530'],
    ['json', '{"a": "\\u00e4\\\\u0000"}', '{"a": "\\\\u00e4\\\\\\\\u0000"}'],
    ['json', [1, null], '[1,null]'],
    ['json', '"\\ud83d\\ude42"', '"\\\\ud83d\\\\ude42"'],
  ])('%s: %p → %s', (type, value, text) => {
    expect(format(type, value)).toBe(text);
  });

  it.each<[ColumnType, NonNullable<Cell>]>([
    ['text', 'a\0b'],
    ['text', '\udc00'],
    ['bigint', '12.0'],
    ['bigint', ''],
    ['bigint', '0x1f'],
    ['bigint', 1.5],
    ['bigint', 2 ** 53],
    ['bigint', '9223372036854775808'],
    ['bigint', -(2n ** 63n) - 1n],
    ['numeric', 'NaN'],
    ['numeric', Infinity],
    ['numeric', '1e99999'],
    ['numeric', '1_000'],
    ['double', '1e400'],
    ['double', NaN],
    ['boolean', 'maybe'],
    ['boolean', 2],
    ['date', '2023-02-29'],
    ['date', '2024-2-9'],
    ['date', '0000-01-01'],
    ['date', 'today'],
    ['timestamp', '2024-02-29T24:00:00Z'],
    ['timestamp', '2024-02-29T10:00:60Z'],
    ['timestamp', 'infinity'],
    ['timestamp', 1_700_000_000],
    ['timestamp', new Date(NaN)],
    ['json', '{a: 1}'],
    ['json', { n: 1n }],
    ['json', '"\\u0000"'],
    ['json', '"\\ud83d"'],
    ['json', '"\\ude42"'],
  ])('%s: %p is impossible', (type, value) => {
    expect(format(type, value)).toMatch(/^impossible: /);
  });
});
