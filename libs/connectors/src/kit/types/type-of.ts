/** The narrowest column type for one value, and for two types together. */
import type { ColumnType } from '../column';
import { parseDate, parseTimestamp } from './calendar';
import { isDecimal, isExponent, isInt64, isInteger } from './numbers';
import type { RawValue } from './raw-value';

const typeOfNumber = (text: string): ColumnType => {
  if (isInteger(text)) return isInt64(text) ? 'bigint' : 'numeric';
  if (isDecimal(text)) return 'numeric';
  return isExponent(text) ? 'double' : 'text';
};

const typeOfText = (value: string, untyped: boolean): ColumnType | null => {
  const text = value.trim();
  if (text === '') return null;
  if (untyped) {
    const number = typeOfNumber(text);
    if (number !== 'text') return number;
    if (/^(?:true|false)$/i.test(text)) return 'boolean';
  }
  if (parseDate(text) === text) return 'date';
  const timestamp = parseTimestamp(text);
  return timestamp === null || timestamp === 'impossible' ? 'text' : 'timestamp';
};

/**
 * `null` when the value says nothing (null, blank text). `untyped` text, as in CSV, may stand for numbers and booleans;
 * text of a format that has those itself only for dates and timestamps.
 */
export const typeOf = (value: RawValue, untyped: boolean): ColumnType | null => {
  if (value === null) return null;
  if (typeof value === 'string') return typeOfText(value, untyped);
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return typeOfNumber(String(value));
  return 'number' in value ? typeOfNumber(value.number) : 'json';
};

const numbers = new Set<ColumnType>(['bigint', 'numeric', 'double']);
const times = new Set<ColumnType>(['date', 'timestamp']);

/** The narrowest type that holds both. Numbers meet in the exact `numeric`, times in `timestamp`, the rest in `text`. */
export const widest = (a: ColumnType | null, b: ColumnType | null): ColumnType | null => {
  if (a === null || b === null) return a ?? b;
  if (a === b) return a;
  if (a === 'json' || b === 'json') return 'json';
  if (numbers.has(a) && numbers.has(b)) return 'numeric';
  return times.has(a) && times.has(b) ? 'timestamp' : 'text';
};
