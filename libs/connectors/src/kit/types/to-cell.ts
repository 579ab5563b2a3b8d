/** A raw value as a cell of a column's type, or why it can't be one. */
import type { Cell, ColumnType } from '../column';
import { parseDate, parseTimestamp } from './calendar';
import { isDecimal, isExponent, isInt64, isInteger } from './numbers';
import type { RawValue } from './raw-value';

/** The value is of another kind: the column has to be widened for it. */
export const otherType = Symbol('other type');
/** The value is of the column's kind but can't be, such as February 30: the row is rejected. */
export const impossible = Symbol('impossible');

export type CellResult = Cell | typeof otherType | typeof impossible;
export type ToCell = (value: RawValue) => CellResult;

/** The text of what may stand for a number, date or boolean; `null` for blanks. */
const plainText = (value: RawValue): string | null | typeof otherType => {
  if (typeof value === 'string') return value.trim() || null;
  if (typeof value === 'number') return String(value);
  if (value === null) return null;
  return typeof value === 'object' && 'number' in value ? value.number : otherType;
};

const fromText =
  (convert: (text: string) => CellResult): ToCell =>
  (value) => {
    const text = plainText(value);
    return text === null || text === otherType ? text : convert(text);
  };

const fromCalendar =
  (parse: (text: string) => string | 'impossible' | null): ToCell =>
  (value) => {
    if (value === null) return null;
    if (typeof value !== 'string') return otherType;
    const text = value.trim();
    if (text === '') return null;
    const parsed = parse(text);
    if (parsed === 'impossible') return impossible;
    return parsed ?? otherType;
  };

const textOf = (value: RawValue): string => {
  if (value !== null && typeof value === 'object') return 'number' in value ? value.number : value.json;
  return String(value);
};

const jsonOf = (value: RawValue): string => {
  if (value !== null && typeof value === 'object') return 'number' in value ? value.number : value.json;
  return JSON.stringify(value);
};

/** PostgreSQL's jsonb takes neither NUL nor half of a surrogate pair, which well-formed JSON text shows as these escapes. */
const unstorableEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

export const toCell: Record<ColumnType, ToCell> = {
  text: (value) => {
    if (value === null) return null;
    const text = textOf(value);
    return text.includes('\0') ? impossible : text;
  },
  json: (value) => {
    if (value === null) return null;
    const text = jsonOf(value);
    return unstorableEscape.test(text) ? impossible : text;
  },
  bigint: fromText((text) => (isInteger(text) && isInt64(text) ? text : otherType)),
  numeric: fromText((text) => (isInteger(text) || isDecimal(text) || isExponent(text) ? text : otherType)),
  double: fromText((text) => {
    if (!isInteger(text) && !isDecimal(text) && !isExponent(text)) return otherType;
    return Number.isFinite(Number(text)) ? text : otherType;
  }),
  boolean: (value) => {
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value !== 'string') return otherType;
    const text = value.trim().toLowerCase();
    if (text === '') return null;
    return text === 'true' || text === 'false' ? text === 'true' : otherType;
  },
  date: fromCalendar(parseDate),
  timestamp: fromCalendar((text) => {
    const date = parseDate(text);
    if (date === null || date === 'impossible') return date ?? parseTimestamp(text);
    return `${date}T00:00:00Z`;
  }),
};
