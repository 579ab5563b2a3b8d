/** Times work so that two sides can be compared on a machine that is never quite quiet. */

/** Milliseconds. */
export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
};

/** Linear between the two nearest; `share` is 0.95 for the p95. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/**
 * Each side's value of every round. Sides take turns, so that whatever else the machine does meets all of them; the order turns round
 * from one round to the next. What the first `warmUps` rounds give is thrown away.
 */
export const interleave = async <Side extends string>(
  sides: Record<Side, (round: number) => Promise<number>>,
  { rounds, warmUps = 1 }: { rounds: number; warmUps?: number },
): Promise<Record<Side, number[]>> => {
  const names = Object.keys(sides) as Side[];
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round < rounds + warmUps; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await sides[name](round);
      if (round >= warmUps) found[name].push(value);
    }
  }
  return found;
};

const ratios = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, round) => value / (b[round] ?? Number.NaN));

/** `a` ÷ `b`, each round by itself; the median of the rounds. Slow minutes of the machine so cancel out better than between medians. */
export const ratio = (a: readonly number[], b: readonly number[]): number => median(ratios(a, b));

/** `0.71–0.84`: how far the rounds' ratios lie apart, so how much to trust their median. */
export const spread = (a: readonly number[], b: readonly number[]): string => {
  const all = ratios(a, b);
  return `${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)}`;
};

export const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(2)} s`;
