import { interleave, median, percentile, ratio, spread } from './measure';

describe('what a benchmark makes of its times', () => {
  it('takes percentiles between the two nearest values', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(percentile([10, 20], 0.95)).toBeCloseTo(19.5);
    expect(median([7])).toBe(7);
  });

  it('compares the sides round by round, so that a slow moment of the machine meets both', () => {
    expect(ratio([10, 100, 10], [5, 50, 4])).toBe(2);
    expect(spread([10, 100, 10], [5, 50, 4])).toBe('2.00–2.50');
  });

  it('lets the sides take turns, the order turning round, and forgets the warm-up', async () => {
    const order: string[] = [];
    const side = (name: string) => async (round: number) => {
      order.push(`${name}${round}`);
      return round;
    };
    const found = await interleave({ a: side('a'), b: side('b') }, { rounds: 2 });
    expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
    expect(found).toEqual({ a: [1, 2], b: [1, 2] });
  });
});
