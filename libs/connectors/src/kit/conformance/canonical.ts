/** One form for each value of a column, so that `19.90` of a vendor and `19.9` of the truth are equal, and `19.9` and `19.900001` are not. */
import type { ColumnType } from '../column';
import { parseTimestamp } from '../types/calendar';

const decimalPattern = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/** Exact; null for what is no number. */
export const exactDecimal = (text: string): string | null => {
  const match = decimalPattern.exec(text.trim());
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') return null;
  const digits = (whole + fraction).replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  const scale = Number(exponent) - fraction.length + (digits.length - trimmed.length);
  return `${sign === '-' ? '-' : ''}${trimmed}e${scale}`;
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
};

const timestamp = (value: unknown): string => {
  const text = value instanceof Date ? value.toISOString() : String(value);
  const parsed = parseTimestamp(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text) ?? text;
  return parsed.replace(/(\.\d*?)0*Z$/, '$1Z').replace('.Z', 'Z');
};

/** Text, a number or a boolean; null for what is missing. */
export const canonical = (value: unknown, type: ColumnType): string | number | boolean | null => {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'bigint':
      return BigInt(value as string).toString();
    case 'numeric':
      return exactDecimal(String(value)) ?? `no number: ${String(value)}`;
    case 'double':
      return Number(value);
    case 'boolean':
      return value === true || value === 'true';
    case 'timestamp':
      return timestamp(value);
    case 'json':
      return JSON.stringify(sorted(typeof value === 'string' ? JSON.parse(value) : value));
    default:
      return String(value);
  }
};
