/** What each kind of guard looks for: the query that finds offending rows of a version. */
import { FreshetError, type Guard } from '@freshet/contracts';
import { columnList, escapeIdentifier, escapeLiteral } from '../sql-names';
import { checkGuards, isFloat, isNumber } from './check-guards';
import type { VersionColumn } from './version';

export interface GuardQuery {
  /** One SELECT that gives the offending rows. */
  text: string;
  /** A sentence's end: `what('rows are')` is `rows are empty in "email"`. */
  what: (subject: string) => string;
  /** Columns to show first. */
  first: readonly string[];
}

/** Where to look; see `GuardSubject`. */
export interface GuardPlace {
  table: string;
  boundSql?: (guard: Guard) => string;
}

type Rows = Extract<Guard['kind'], 'unique' | 'not_null' | 'range' | 'accepted_values' | 'sql'>;

/** Throws `invalid_input` when the guard does not fit the columns, and whatever `boundSql` throws. */
export const guardQuery = (
  guard: Guard,
  subject: GuardPlace,
  columns: readonly VersionColumn[],
): GuardQuery => {
  checkGuards([guard], columns);
  const names = guard.columns ?? [];
  const told = names.map((name) => `"${name}"`).join(', ');
  const typeOf = new Map(columns.map(({ name, type }) => [name, type]));
  const each = (condition: (column: string, type: string) => string): string =>
    names.map((name) => `(${condition(escapeIdentifier(name), typeOf.get(name) ?? '')})`).join(' OR ');
  const rowsWhere = (condition: string): string => `SELECT * FROM ${subject.table} WHERE ${condition}`;
  const queries: Record<Rows, () => Omit<GuardQuery, 'first'>> = {
    not_null: () => ({
      text: rowsWhere(each((column) => `${column} IS NULL`)),
      what: (rows) => `${rows} empty in ${told}`,
    }),
    range: () => ({
      text: rowsWhere(each((column, type) => outside(guard, column, type))),
      what: (rows) => `${rows} ${bounds(guard)} in ${told}`,
    }),
    accepted_values: () => ({
      text: rowsWhere(each((column, type) => `${column} IS NOT NULL AND ${notOneOf(guard, column, type)}`)),
      what: (rows) => `${rows} of another value than the accepted ones in ${told}`,
    }),
    unique: () => ({
      text: duplicates(subject.table, names),
      what: (rows) =>
        `${rows.replace('row', names.length > 1 ? 'combination' : 'value')} there more than once in ${told}`,
    }),
    sql: () => ({ text: boundText(guard, subject), what: (rows) => `${rows} found by the query` }),
  };
  return { ...queries[guard.kind as Rows](), first: names };
};

/** As a unique index has it: a row with an empty column is like no other. The number of rows comes as a column of its own. */
const duplicates = (table: string, names: readonly string[]): string => {
  const list = columnList(names);
  let count = 'count';
  for (let number = 2; names.includes(count); number++) count = `count_${number}`;
  const present = names.map((name) => `${escapeIdentifier(name)} IS NOT NULL`).join(' AND ');
  return `SELECT ${list}, pg_catalog.count(*)::int AS ${escapeIdentifier(count)} FROM ${table} WHERE ${present} GROUP BY ${list} HAVING pg_catalog.count(*) > 1`;
};

/** A bound is given in the column's own type where that is inexact: 0.1 as `real` is more than 0.1 as `numeric`. */
const outside = ({ min, max }: Guard, column: string, type: string): string =>
  [
    ...(min === undefined ? [] : [`${column} < ${literal(min, type)}`]),
    ...(max === undefined ? [] : [`${column} > ${literal(max, type)}`]),
  ].join(' OR ');

const literal = (value: number, type: string): string =>
  `${escapeLiteral(String(value))}::${isFloat(type) ? type : 'numeric'}`;

const bounds = ({ min, max }: Guard): string => {
  if (min === undefined) return `more than ${max}`;
  return max === undefined ? `less than ${min}` : `outside of ${min} to ${max}`;
};

const notOneOf = ({ values = [] }: Guard, column: string, type: string): string => {
  const accepted = values.map((value) => escapeLiteral(String(value))).join(', ');
  if (!isNumber(type)) return `${column}::text <> ALL (ARRAY[${accepted}]::text[])`;
  return `${column} <> ALL (ARRAY[${accepted}]::${isFloat(type) ? type : 'numeric'}[])`;
};

const boundText = (guard: Guard, { boundSql }: GuardPlace): string => {
  const text = boundSql?.(guard);
  if (text === undefined) throw new FreshetError('invalid_input', 'Its query was not bound.');
  return text;
};
