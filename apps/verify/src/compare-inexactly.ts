/**
 * Tells whether two results are the same but for the last digits of floating-point numbers. A sum of those depends on the order in which
 * they are added, which two plans of one query need not have in common; no other column may differ at all.
 */
import type { Column } from '@freshet/contracts';
import { hashContent } from '@freshet/warehouse';
import { escapeIdentifier, type ClientBase } from 'pg';

const isFloat = ({ type }: Column): boolean => type === 'double precision' || type === 'real';

/** Relative to the sum of absolute values; a sum of a million doubles is off by far less, a sum of reals by less than a thousandth. */
const tolerance = { 'double precision': 1e-9, real: 1e-4 } as const;

/** @param one, other tables, or queries in parentheses */
export const compareInexactly = async (
  scan: ClientBase,
  one: string,
  other: string,
  columns: readonly Column[],
): Promise<boolean> => {
  const floats = columns.filter(isFloat);
  if (!floats.length) return false;
  const exact = columns.filter((column) => !isFloat(column));
  const [a, b] = [await hashContent(scan, one, exact), await hashContent(scan, other, exact)];
  if (a.contentHash !== b.contentHash) return false;
  const [sums, otherSums] = [
    await sumsOf(scan, one, exact, floats),
    await sumsOf(scan, other, exact, floats),
  ];
  return floats.every(({ type }, place) => {
    const [sum, weighted, size] = sums.slice(3 * place);
    const [otherSum, otherWeighted] = otherSums.slice(3 * place);
    const near = tolerance[type as keyof typeof tolerance] * (size ?? 0);
    return isNear(sum, otherSum, near) && isNear(weighted, otherWeighted, near);
  });
};

const isNear = (a: number | undefined, b: number | undefined, near: number): boolean =>
  Object.is(a, b) || Math.abs((a ?? NaN) - (b ?? NaN)) <= near;

/** For each column its sum, its sum weighted by what stands beside it (so that exchanged values show), and that of its absolute values. */
const sumsOf = async (
  scan: ClientBase,
  table: string,
  beside: readonly Column[],
  floats: readonly Column[],
): Promise<number[]> => {
  const row = beside.length ? beside.map(({ name }) => `t.${escapeIdentifier(name)}::text`).join(', ') : `''`;
  const weight = `(1 + (hashtextextended(concat_ws(chr(1), ${row}), 0) % 1000) / 2000.0)::float8`;
  const sums = floats.flatMap(({ name }) => {
    const value = `t.${escapeIdentifier(name)}::float8`;
    return [`sum(${value})`, `sum(${value} * ${weight})`, `sum(abs(${value}))`];
  });
  const { rows } = await scan.query<(number | null)[]>({
    text: `select ${sums.map((sum) => `coalesce(${sum}, 0)`).join(', ')} from ${table} t`,
    rowMode: 'array',
  });
  return (rows[0] ?? []).map(Number);
};
