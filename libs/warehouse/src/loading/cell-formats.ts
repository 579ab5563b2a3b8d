/** Turns one cell into COPY text, or says why it can't be in a column of that type. The function is chosen once per column. */
import { isDate, isTimestamp } from './calendar';
import type { ColumnType } from './column-types';
import type { Cell } from './slice';

/** Why a value is impossible: what follows "Column "x" ". */
export class ImpossibleValue {
  constructor(readonly reason: string) {}
}

type Value = Exclude<Cell, null | undefined>;
/** COPY's text of a value that is not null, already escaped. */
export type CellFormat = (value: Value) => string | ImpossibleValue;

const shown = (value: Value): string => {
  const text = typeof value === 'object' ? (asJson(value) ?? 'a circular object') : String(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
};
const impossible = (value: Value, kind: string): ImpossibleValue =>
  new ImpossibleValue(`holds ${shown(value)}, which is not ${kind}`);

/** What COPY escapes, what no text can hold (NUL), and what may be half of a pair (surrogates): one test, as few cells have any. */
const special = /[\\\t\n\r\0\ud800-\udfff]/;
/** In Unicode mode a pair is one character, so only a half of one matches. */
const loneSurrogate = /[\ud800-\udfff]/u;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const textOf = (text: string): string | ImpossibleValue => {
  if (!special.test(text)) return text;
  if (text.includes('\0')) return new ImpossibleValue('holds a NUL character, which no text can hold');
  if (loneSurrogate.test(text))
    return new ImpossibleValue('holds half of a surrogate pair, which is not valid Unicode');
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
};

const text: CellFormat = (value) => {
  if (typeof value === 'string') return textOf(value);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? impossible('Invalid Date', 'a date') : value.toISOString();
  return typeof value === 'object' ? json(value) : String(value);
};

const shortWhole = /^[+-]?\d{1,18}$/;
const whole = /^[+-]?\d+$/;
const greatest = 9_223_372_036_854_775_807n;
const inRange = (value: bigint): boolean => value <= greatest && value >= -greatest - 1n;

const bigint: CellFormat = (value) => {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    return impossible(
      value,
      Number.isInteger(value) ? 'exact as a JSON number (send it as text)' : 'a whole number',
    );
  }
  if (typeof value === 'bigint') return inRange(value) ? String(value) : impossible(value, 'within 64 bits');
  if (typeof value !== 'string') return impossible(value, 'a whole number');
  if (shortWhole.test(value)) return value;
  const trimmed = value.trim();
  if (!whole.test(trimmed)) return impossible(value, 'a whole number');
  return trimmed.length < 1_000 && inRange(BigInt(trimmed.replace('+', '')))
    ? trimmed
    : impossible(value, 'within 64 bits');
};

/** Four digits of exponent and 1,000 characters stay far within what `numeric` can hold (131,072 digits before the point, 16,383 after). */
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const isDecimal = (value: string): boolean => value.length <= 1_000 && decimal.test(value);

const numeric: CellFormat = (value) => {
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(value) : impossible(value, 'a number');
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return impossible(value, 'a number');
  if (isDecimal(value)) return value;
  const trimmed = value.trim();
  return isDecimal(trimmed) ? trimmed : impossible(value, 'a number');
};

const double: CellFormat = (value) => {
  if (typeof value === 'number')
    return Number.isFinite(value) ? String(value) : impossible(value, 'a number');
  const exact = numeric(value);
  if (exact instanceof ImpossibleValue) return exact;
  const nearest = Number(exact);
  return Number.isFinite(nearest) ? String(nearest) : impossible(value, 'within the range of a double');
};

const truths: Record<string, string> = {
  true: 't',
  t: 't',
  yes: 't',
  y: 't',
  1: 't',
  false: 'f',
  f: 'f',
  no: 'f',
  n: 'f',
  0: 'f',
};

const boolean: CellFormat = (value) => {
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'object') return impossible(value, 'true or false');
  return truths[String(value).trim().toLowerCase()] ?? impossible(value, 'true or false');
};

const date: CellFormat = (value) => {
  const day =
    value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString().slice(0, 10) : value;
  return typeof day === 'string' && isDate(day) ? day : impossible(value, 'a date such as 2026-01-31');
};

/** Text without a zone is UTC here, whatever the session's time zone is. */
const timestamp: CellFormat = (value) => {
  const moment = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value;
  if (typeof moment !== 'string' || !isTimestamp(moment))
    return impossible(value, 'a time such as 2026-01-31T12:00:00Z');
  if (moment.length === 10) return `${moment}T00:00:00Z`;
  return /[Zz]$|[+-]\d\d(?::?\d\d)?$/.test(moment.slice(16)) ? moment : `${moment}Z`;
};

/** An escaped NUL or lone surrogate after an even number of backslashes: valid JSON that `jsonb` refuses. */
const refusedEscape =
  /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2}\\u)d[c-f][0-9a-f]{2})/i;

const json: CellFormat = (value) => {
  const written = typeof value === 'string' ? value : asJson(value);
  if (written === undefined || (typeof value === 'string' && !isJson(written)))
    return impossible(value, 'JSON');
  if (written.includes('\\u') && refusedEscape.test(written))
    return new ImpossibleValue('holds JSON with a NUL or half of a surrogate pair');
  return textOf(written);
};

const asJson = (value: Value): string | undefined => {
  if (typeof value === 'bigint') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
};

const isJson = (value: string): boolean => {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
};

export const cellFormats: Record<ColumnType, CellFormat> = {
  text,
  bigint,
  numeric,
  double,
  boolean,
  date,
  timestamp,
  json,
};
