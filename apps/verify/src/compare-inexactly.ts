/**
 * Tells whether two results are the same but for the last digits of floating-point numbers. A sum of those depends on the order in which
 * they are added, which two plans of one query need not have in common; no other column may differ at all.
 */
import type { Column } from '@freshet/contracts';
import { escapeIdentifier, type ClientBase } from 'pg';

/** Relative: a sum of a million doubles is off by far less, one of reals by less than a thousandth. */
const tolerance: Record<string, number> = { 'double precision': 1e-9, real: 1e-3 };

/** Both are sorted and compared row by row, so it is for results that are known to differ. @param one, other tables, or queries in parentheses */
export const compareInexactly = async (
  scan: ClientBase,
  one: string,
  other: string,
  columns: readonly Column[],
): Promise<boolean> => {
  if (!columns.some(({ type }) => type in tolerance)) return false;
  const { rows } = await scan.query<{ differ: boolean }>(
    `select exists (select from (${sorted(one, columns)}) a full join (${sorted(other, columns)}) b using (place)
       where a is null or b is null or ${columns.map(differs).join(' or ')}) as differ`,
  );
  return rows[0]?.differ === false;
};

/** Floating-point columns come last, so that numbers that are nearly the same have nearly the same place. */
const sorted = (table: string, columns: readonly Column[]): string => {
  const exact = columns
    .filter(({ type }) => !(type in tolerance))
    .map(({ name }) => `t.${escapeIdentifier(name)}::text`);
  const floats = columns
    .filter(({ type }) => type in tolerance)
    .map(({ name }) => `t.${escapeIdentifier(name)}`);
  const values = columns.map(
    ({ name, type }, at) => `t.${escapeIdentifier(name)}${type in tolerance ? '' : '::text'} as c${at}`,
  );
  return `select row_number() over (order by ${[...exact, ...floats].join(', ')}) as place, ${values.join(', ')} from ${table} t`;
};

const differs = ({ type }: Column, at: number): string => {
  const [a, b] = [`a.c${at}`, `b.c${at}`];
  const near = tolerance[type];
  if (near === undefined) return `${a} is distinct from ${b}`;
  const size = `greatest(abs(${a}), abs(${b}))`;
  return `(${a} is distinct from ${b} and coalesce(${size} = 'Infinity' or abs(${a} - ${b}) > ${near} * ${size}, true))`;
};
