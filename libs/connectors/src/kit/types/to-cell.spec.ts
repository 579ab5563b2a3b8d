import type { Cell, ColumnType } from '../column';
import type { RawValue } from './raw-value';
import { impossible, otherType, toCell } from './to-cell';

describe('toCell', () => {
  it.each<[ColumnType, RawValue, Cell]>([
    ['bigint', ' 42 ', '42'],
    ['bigint', 42, '42'],
    ['bigint', { number: '9007199254740993' }, '9007199254740993'],
    ['bigint', '', null],
    ['numeric', '19.90', '19.90'],
    ['numeric', { number: '0.12345678901234567890' }, '0.12345678901234567890'],
    ['numeric', 1e-7, '1e-7'],
    ['double', '5', '5'],
    ['boolean', 'TRUE', true],
    ['boolean', false, false],
    ['text', 5, '5'],
    ['text', true, 'true'],
    ['text', ' kept as it is ', ' kept as it is '],
    ['text', '', ''],
    ['text', { json: '{"a":1}' }, '{"a":1}'],
    ['json', 'x', '"x"'],
    ['json', { number: '9007199254740993' }, '9007199254740993'],
    ['json', { json: '["\\\\u0000"]' }, '["\\\\u0000"]'],
    ['date', '2024-02-29', '2024-02-29'],
    ['timestamp', '2024-02-29', '2024-02-29T00:00:00Z'],
    ['timestamp', '2024-03-01 00:30+02:00', '2024-02-29T22:30:00Z'],
    ['timestamp', '2024-03-01T00:30:15.123456-0530', '2024-03-01T06:00:15.123456Z'],
    ['timestamp', '2024-03-01T00:30:15.5Z', '2024-03-01T00:30:15.5Z'],
    ['timestamp', '2024-03-01 00:30', '2024-03-01T00:30:00Z'],
  ])('%s of %p is %p', (type, value, cell) => {
    expect(toCell[type](value)).toBe(cell);
  });

  it.each<[ColumnType, RawValue]>([
    ['bigint', '1.5'],
    ['bigint', '9223372036854775808'],
    ['bigint', '007'],
    ['bigint', true],
    ['numeric', 'n/a'],
    ['double', '1e999'],
    ['boolean', '1'],
    ['date', '2024-01-01T10:00:00Z'],
    ['date', 20240101],
    ['timestamp', 'yesterday'],
  ])('%s can not hold %p, so the column has to be widened', (type, value) => {
    expect(toCell[type](value)).toBe(otherType);
  });

  it.each<[ColumnType, RawValue]>([
    ['date', '2023-02-29'],
    ['date', '2024-13-01'],
    ['date', '0000-01-01'],
    ['timestamp', '2023-02-29'],
    ['timestamp', '2024-01-01T24:00:00Z'],
    ['timestamp', '0001-01-01T00:00:00+01:00'],
    ['text', 'a\0b'],
    ['json', 'a\0b'],
    ['json', { json: '"\\ud800"' }],
  ])('%s of %p is impossible, so the row is rejected', (type, value) => {
    expect(toCell[type](value)).toBe(impossible);
  });
});
