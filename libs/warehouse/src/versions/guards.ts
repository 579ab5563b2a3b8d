/** Runs a model's guards on a version that was built and not yet published (spec RF4). */
import { FreshetError, type Guard } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { columnList, escapeIdentifier, escapeLiteral } from '../sql-names';
import { oneStatement } from './one-statement';

export interface GuardSubject {
  /** The version's quoted name (`qualifiedVersion`). */
  table: string;
  rowCount: number;
  /** Of the published version; null when there is none. */
  rowsBefore: number | null;
  allowEmpty: boolean;
  /** For `sql` guards: the guard's text, through the gate and bound, with the new version in the model's place. */
  boundSql?: (guard: Guard) => string;
}

export interface GuardResult {
  guard: Guard;
  ok: boolean;
  /** One sentence: what was found. */
  message: string;
  /** Some of the offending rows, as name → value. */
  failingRows: Record<string, unknown>[];
}

const sampleSize = 10;

/** Runs them one after the other, all of them, so that a person sees everything that is wrong at once. */
export const runGuards = async (
  client: ClientBase,
  subject: GuardSubject,
  guards: readonly Guard[],
): Promise<GuardResult[]> => {
  const results: GuardResult[] = [];
  for (const guard of guards) results.push({ guard, ...(await check(client, subject, guard)) });
  return results;
};

type Finding = Omit<GuardResult, 'guard'>;
const passed = (message: string): Finding => ({ ok: true, message, failingRows: [] });
const failed = (message: string): Finding => ({ ok: false, message, failingRows: [] });

const check = async (client: ClientBase, subject: GuardSubject, guard: Guard): Promise<Finding> => {
  const { columns = [], min, max, values = [] } = guard;
  const names = columns.map((name) => `"${name}"`).join(', ');
  const rowsWhere = (condition: string): string =>
    `SELECT * FROM ${subject.table} WHERE ${condition} LIMIT ${sampleSize}`;
  const each = (condition: (column: string) => string): string =>
    columns.map((name) => `(${condition(escapeIdentifier(name))})`).join(' OR ');
  switch (guard.kind) {
    case 'not_empty':
      if (subject.rowCount > 0 || subject.allowEmpty) return passed(`${subject.rowCount} rows.`);
      return failed('The result is empty. Allow empty results if that is right.');
    case 'row_change':
      return rowChange(subject, guard.percent ?? 0);
    case 'not_null':
      return find(client, rowsWhere(each((column) => `${column} IS NULL`)), `empty in ${names}`);
    case 'range': {
      const below = min === undefined ? [] : [`< ${min}`];
      const above = max === undefined ? [] : [`> ${max}`];
      const outside = [...below, ...above];
      if (outside.length === 0)
        throw new FreshetError('invalid_input', 'A range guard needs a min or a max.');
      return find(
        client,
        rowsWhere(each((column) => outside.map((bound) => `${column} ${bound}`).join(' OR '))),
        `outside of the range in ${names}`,
      );
    }
    case 'accepted_values': {
      const accepted = values.map((value) => escapeLiteral(String(value))).join(', ');
      return find(
        client,
        rowsWhere(
          each((column) => `${column} IS NOT NULL AND ${column}::text <> ALL (ARRAY[${accepted}]::text[])`),
        ),
        `with another value in ${names}`,
      );
    }
    case 'unique': {
      const list = columnList(columns);
      const duplicates = `SELECT ${list}, count(*)::int AS "count" FROM ${subject.table} GROUP BY ${list} HAVING count(*) > 1 LIMIT ${sampleSize}`;
      return find(client, duplicates, `more than once in ${names}`);
    }
    case 'sql': {
      const text = subject.boundSql?.(guard);
      if (text === undefined)
        throw new FreshetError(
          'invalid_input',
          'This guard has no query. Give it one that finds the wrong rows.',
        );
      return find(client, `SELECT * FROM (${text}\n) q LIMIT ${sampleSize}`, 'found by the query');
    }
  }
};

const find = async (client: ClientBase, sql: string, what: string): Promise<Finding> => {
  const { rows } = await client.query<Record<string, unknown>>(oneStatement(sql));
  if (rows.length === 0) return passed(`No row is ${what}.`);
  const number =
    rows.length === sampleSize
      ? `${sampleSize} or more rows are`
      : rows.length === 1
        ? '1 row is'
        : `${rows.length} rows are`;
  return { ok: false, message: `${number} ${what}.`, failingRows: rows };
};

const rowChange = ({ rowCount, rowsBefore }: GuardSubject, percent: number): Finding => {
  if (rowsBefore === null || rowsBefore === 0) return passed('There is nothing to compare with.');
  const change = (100 * Math.abs(rowCount - rowsBefore)) / rowsBefore;
  const message = `${rowsBefore} → ${rowCount} rows, a change of ${change.toFixed(1)} %`;
  return change <= percent
    ? passed(`${message}.`)
    : failed(`${message}, more than the allowed ${percent} %.`);
};
