/** Turns what a vendor calls a row into cells of the declared columns, or says why it can't be one (spec SY13). */
import type { Column, ColumnType, Row } from '../column';
import type { RawValue } from '../types/raw-value';
import { impossible, otherType, toCell } from '../types/to-cell';

/** Values by column name, as decoded from the vendor's answer; what is missing is null. */
export type ApiRow = Readonly<Record<string, unknown>>;

/** `20261121` as the Google APIs write days → `2026-11-21`. */
const compactDate = /^(\d{4})(\d{2})(\d{2})$/;

const raw = (value: unknown, type: ColumnType): RawValue => {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
      return type === 'date' ? value.replace(compactDate, '$1-$2-$3') : value;
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    default:
      return value instanceof Date ? value.toISOString() : { json: JSON.stringify(value) };
  }
};

/** A number that a double may have rounded is no id and no money any more; it must have come as text. */
const isRounded = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);

export type MadeRow = { row: Row } | { reason: string };

/** @param key its columns must not be empty, as such a row can't be told from others */
export const rowMaker = (
  columns: readonly Column[],
  key: readonly string[],
): ((values: ApiRow) => MadeRow) => {
  const targets = columns.map(({ name, type }) => ({
    name,
    type,
    isKey: key.includes(name),
    convert: toCell[type],
  }));
  return (values) => {
    const row: Row = [];
    for (const { name, type, isKey, convert } of targets) {
      const value = values[name];
      if (isRounded(value) && type !== 'double')
        return { reason: `The value in ${name} is a number too large to be exact.` };
      const cell = convert(raw(value, type));
      if (cell === otherType) return { reason: `The value in ${name} is no ${type}.` };
      if (cell === impossible) {
        const what =
          type === 'date' || type === 'timestamp' ? 'is no day or time that exists' : 'can’t be stored';
        return { reason: `The value in ${name} ${what}.` };
      }
      if (cell === null && isKey) return { reason: `The key column ${name} is empty.` };
      row.push(cell);
    }
    return { row };
  };
};
