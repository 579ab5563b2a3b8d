import fc from 'fast-check';

import { structureOf } from './count-values';

/** Every value of JSON, and how deeply its lists and objects are nested. */
const counted = (value: unknown): { values: number; depth: number } => {
  if (typeof value !== 'object' || value === null) return { values: 1, depth: 0 };
  const inner = Object.values(value).map(counted);
  return {
    values: 1 + inner.reduce((sum, { values }) => sum + values, 0),
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
  };
};

describe('the structure of a text of JSON', () => {
  it('is counted no smaller than it is, and at most twice as large', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const real = counted(JSON.parse(text));
        const seen = structureOf(text);
        expect(seen.depth).toBe(real.depth);
        expect(seen.values).toBeGreaterThanOrEqual(real.values);
        expect(seen.values).toBeLessThanOrEqual(2 * real.values);
      }),
    );
  });

  it('is not taken from what stands in quotes', () => {
    expect(structureOf(String.raw`["a,b,[{", "\",[", "\\"]`)).toEqual({ values: 4, depth: 1 });
  });
});
