/** Says before any work whether guards can be run on a model's columns, so that a misspelt one is no surprise after a long build. */
import { FreshetError, type Guard } from '@freshet/contracts';
import type { VersionColumn } from './version';

const numbers = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision']);

export const isNumber = (type: string): boolean => numbers.has(type.replace(/\(.*\)/, ''));
export const isFloat = (type: string): boolean => type === 'real' || type === 'double precision';

/**
 * Throws `invalid_input`, with one entry of `errors` for each fault (`guards.2.columns`). Without `columns`, as when a model was never
 * built, only what a guard says of itself is checked.
 */
export const checkGuards = (guards: readonly Guard[], columns?: readonly VersionColumn[]): void => {
  const errors = guards.flatMap((guard, at) =>
    faults(guard, columns).map(([field, message]) => ({ path: `guards.${at}.${field}`, message })),
  );
  if (errors.length === 0) return;
  throw new FreshetError('invalid_input', [...new Set(errors.map(({ message }) => message))].join(' '), {
    errors,
  });
};

type Fault = [field: keyof Guard, message: string];

const faults = (guard: Guard, columns: readonly VersionColumn[] | undefined): Fault[] => {
  switch (guard.kind) {
    case 'not_empty':
      return [];
    case 'row_change':
      return guard.percent === undefined
        ? [['percent', 'A row_change guard needs the change it allows, in percent.']]
        : [];
    case 'sql':
      return guard.sql?.trim()
        ? []
        : [['sql', 'An sql guard needs a query: one that finds the rows that are wrong.']];
    case 'not_null':
    case 'unique':
      return namedColumns(guard, columns);
    case 'range':
      return [...rangeFaults(guard), ...namedColumns(guard, columns), ...numberFaults(guard, columns)];
    case 'accepted_values':
      return [...valueFaults(guard, columns), ...namedColumns(guard, columns)];
  }
};

const namedColumns = (
  { kind, columns: names = [] }: Guard,
  columns: readonly VersionColumn[] | undefined,
): Fault[] => {
  if (names.length === 0) return [['columns', `${article(kind)} guard needs a column.`]];
  const missing = columns ? names.filter((name) => !columns.some((column) => column.name === name)) : [];
  return missing.map((name) => [
    'columns',
    `${article(kind)} guard names the column "${name}", which the query does not give.`,
  ]);
};

const rangeFaults = ({ min, max }: Guard): Fault[] => {
  if (min === undefined && max === undefined) return [['min', 'A range guard needs a min or a max.']];
  return min !== undefined && max !== undefined && min > max
    ? [['max', `A range guard's max, ${max}, is less than its min, ${min}.`]]
    : [];
};

const numberFaults = (guard: Guard, columns: readonly VersionColumn[] = []): Fault[] =>
  columnsOf(guard, columns)
    .filter(({ type }) => !isNumber(type))
    .map(({ name, type }) => [
      'columns',
      `A range guard needs numbers, but the column "${name}" is ${type}.`,
    ]);

const valueFaults = (guard: Guard, columns: readonly VersionColumn[] = []): Fault[] => {
  const { values = [] } = guard;
  if (values.length === 0) return [['values', 'An accepted_values guard needs the values it accepts.']];
  const wrong = values.find((value) => !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(String(value)));
  if (wrong === undefined) return [];
  return columnsOf(guard, columns)
    .filter(({ type }) => isNumber(type))
    .map(({ name, type }) => [
      'values',
      `An accepted_values guard accepts "${wrong}", but the column "${name}" is ${type}.`,
    ]);
};

const columnsOf = ({ columns: names = [] }: Guard, columns: readonly VersionColumn[]): VersionColumn[] =>
  columns.filter(({ name }) => names.includes(name));

const article = (kind: string): string => (/^[aeio]/.test(kind) ? `An ${kind}` : `A ${kind}`);
