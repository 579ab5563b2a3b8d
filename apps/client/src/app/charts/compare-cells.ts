/** Order of cells when a person sorts a table: exact for numbers of any size, nulls last. */
import type { Cell } from '@freshet/contracts';
import { isNumeric, type ColumnKind } from './column-kind';

interface Decimal {
  negative: boolean;
  whole: string;
  fraction: string;
}

const parse = (cell: Cell): Decimal | null => {
  const match = /^([+-]?)0*(\d+)(?:\.(\d+))?$/.exec(String(cell));
  return match ? { negative: match[1] === '-', whole: match[2] ?? '', fraction: match[3] ?? '' } : null;
};

const compareSize = (a: Decimal, b: Decimal): number => {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length;
  const width = Math.max(a.fraction.length, b.fraction.length);
  const left = a.whole + a.fraction.padEnd(width, '0');
  const right = b.whole + b.fraction.padEnd(width, '0');
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Compares decimals digit by digit; falls back to floats for exponents. */
export const compareNumbers = (a: Cell, b: Cell): number => {
  const left = parse(a);
  const right = parse(b);
  if (!left || !right) return Number(a) - Number(b);
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  return left.negative ? compareSize(right, left) : compareSize(left, right);
};

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** A comparison for one column; `direction` −1 turns it round, but leaves nulls last. */
export const cellOrder =
  (kind: ColumnKind, direction: 1 | -1) =>
  (a: Cell, b: Cell): number => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (isNumeric(kind)) return direction * compareNumbers(a, b);
    const text = (cell: Cell): string => (typeof cell === 'string' ? cell : JSON.stringify(cell));
    return direction * collator.compare(text(a), text(b));
  };
