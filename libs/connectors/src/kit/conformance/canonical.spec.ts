import fc from 'fast-check';
import type { ColumnType } from '../column';
import { canonical, exactDecimal } from './canonical';

it.each([
  ['19.90', '19.9', true],
  ['0019.9', '19.9', true],
  ['1e3', '1000', true],
  ['-0.0', '0', true],
  ['.5', '0.5', true],
  ['12345678901234567890.1', '12345678901234567890.2', false],
  ['19.9', '19.900001', false],
  ['100', '10', false],
  ['-1', '1', false],
])('%s and %s are the same number: %s', (a, b, same) => {
  expect(exactDecimal(a) === exactDecimal(b)).toBe(same);
});

it('tells decimals apart exactly', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), fc.nat(20), (a, b, zeros) => {
      expect(exactDecimal(`${a}`) === exactDecimal(`${b}`)).toBe(a === b);
      expect(exactDecimal(`${a}.${'0'.repeat(zeros)}`)).toBe(exactDecimal(`${a}`));
    }),
  );
});

it.each<[ColumnType, unknown, unknown]>([
  ['bigint', '9007199254740993', 9_007_199_254_740_993n],
  ['timestamp', '2026-03-01T10:00:00.500Z', new Date('2026-03-01T10:00:00.5Z')],
  ['timestamp', '2026-03-01 12:00:00+02', '2026-03-01T10:00:00Z'],
  ['json', '{"b":1,"a":[2]}', { a: [2], b: 1 }],
  ['double', '0.10', 0.1],
  ['text', 'x', 'x'],
])('as %s, %p and %p are the same', (type, a, b) => {
  expect(canonical(a, type)).toBe(canonical(b, type));
});
