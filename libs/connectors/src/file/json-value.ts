/** JSON values as raw values, with every digit of every number. */
import type { Assembler } from 'stream-json/assembler.js';
import type { RawRow, RawValue } from '../kit/types/raw-value';
import type { RowCollector } from './row-collector';

/** A number that JSON.stringify writes by its own text (JSON.parse source text access, ECMAScript 2026). */
interface RawJson {
  rawJSON: string;
}

interface JsonWithSource {
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
}

const json = JSON as unknown as JsonWithSource;

/** A double gives back up to 15 significant digits unchanged. */
const fitsDouble = (text: string): boolean => text.length <= 15 && !/[eE]/.test(text);

export const exactNumber = (text: string): number | RawJson =>
  fitsDouble(text) ? Number(text) : json.rawJSON(text);

const mayHaveLongNumber = /[\d.]{15}|\d[eE]/;

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value;

/** JSON.parse without losing digits. Throws a SyntaxError. */
export const parseExactly = (text: string): unknown =>
  mayHaveLongNumber.test(text) ? (JSON.parse(text, keepDigits) as unknown) : (JSON.parse(text) as unknown);

/** Stores a number in an assembler with every digit. */
export const saveExactly = (assembler: Assembler, text: string): void => {
  const value = exactNumber(text);
  // The assembler puts what it is given into its place, whatever it is.
  assembler.stringValue(value as unknown as string);
};

/** `null` for what is nested so deeply that it can't be written. */
const jsonText = (value: unknown): string | null => {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
};

const rawOf = (value: unknown): RawValue | undefined => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (json.isRawJSON(value)) return { number: value.rawJSON };
  const text = jsonText(value);
  return text === null ? undefined : { json: text };
};

/** Puts one element of a list of objects into rows; its keys become columns as they appear. */
export const elementRows = (collector: RowCollector): ((number: number, element: unknown) => void) => {
  const positions = new Map<string, number>();
  return (number, element) => {
    if (
      typeof element !== 'object' ||
      element === null ||
      Array.isArray(element) ||
      json.isRawJSON(element)
    ) {
      collector.reject(number, 'This is not an object with named values.', jsonText(element) ?? '');
      return;
    }
    const row: RawRow = new Array<RawValue>(positions.size).fill(null);
    for (const [key, value] of Object.entries(element)) {
      let position = positions.get(key);
      if (position === undefined) {
        position = collector.column(key);
        positions.set(key, position);
      }
      const raw = rawOf(value);
      if (raw === undefined) {
        collector.reject(number, `The value of ${key} is nested too deeply.`, '');
        return;
      }
      row[position] = raw;
    }
    collector.row(number, row);
  };
};
