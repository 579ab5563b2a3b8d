import fc from 'fast-check';
import { columnTypes, widen } from './column-types';

const type = fc.constantFrom(...columnTypes);

describe('widening a type', () => {
  it.each([
    ['bigint', 'numeric', 'numeric'],
    ['bigint', 'double', 'numeric'],
    ['double', 'numeric', 'numeric'],
    ['date', 'timestamp', 'timestamp'],
    ['bigint', 'boolean', 'text'],
    ['json', 'text', 'text'],
    ['date', 'bigint', 'text'],
  ] as const)('%s and %s meet in %s', (a, b, wider) => {
    expect(widen(a, b)).toBe(wider);
  });

  it('does not depend on order, and goes no further once both fit', () => {
    fc.assert(
      fc.property(type, type, type, (a, b, c) => {
        expect(widen(a, b)).toBe(widen(b, a));
        expect(widen(widen(a, b), c)).toBe(widen(a, widen(b, c)));
        expect(widen(widen(a, b), a)).toBe(widen(a, b));
      }),
    );
  });
});
