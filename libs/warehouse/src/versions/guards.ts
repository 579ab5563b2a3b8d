/** Runs a model's guards on a version that was built and not yet published (spec RF4). */
import { FreshetError, type Cell, type Guard } from '@freshet/contracts';
import type { Client } from 'pg';
import { cancelledBy } from './cancel';
import { guardQuery, type GuardPlace } from './guard-queries';
import { oneStatement } from './one-statement';
import { sampleRows } from './sample-rows';
import { throwSqlError } from './sql-errors';
import { statementTime } from './statement-time';
import { tableColumns } from './table-columns';

export interface GuardSubject extends GuardPlace {
  /** The version's quoted name (`qualifiedVersion`). */
  table: string;
  rowCount: number;
  /** Of the published version; null when there is none. */
  rowsBefore: number | null;
  allowEmpty: boolean;
  /** The bound query of an `sql` guard, of `bindGuards`; what it throws is what the guard is said to have failed for. */
  boundSql?: (guard: Guard) => string;
}

export interface GuardResult {
  guard: Guard;
  ok: boolean;
  /** One sentence: what was found. */
  message: string;
  /** At most ten of the offending rows, as name → value, values cut to 200 characters. */
  failingRows: Record<string, Cell>[];
}

export interface GuardRun {
  /** For each statement, in milliseconds; without it the connection's own limit holds. */
  statementTimeoutMs?: number;
  /** Aborting cancels the statement in the database; `cancelled` is thrown then. */
  signal?: AbortSignal;
}

const sampleSize = 10;
/** Offending rows are counted exactly below this many. */
const countUpTo = 1_000;

/**
 * Runs them one after the other, all of them, so that a person sees everything that is wrong at once. A guard whose own query fails or takes
 * too long has failed; only what is not a guard's doing is thrown: `cancelled`, and `unavailable` when the server is what failed.
 */
export const runGuards = (
  client: Client,
  subject: GuardSubject,
  guards: readonly Guard[],
  { statementTimeoutMs, signal }: GuardRun = {},
): Promise<GuardResult[]> =>
  cancelledBy(signal, client, async () => {
    if (statementTimeoutMs !== undefined)
      await client.query(`SET statement_timeout = ${await statementTime(client, statementTimeoutMs)}`);
    const results: GuardResult[] = [];
    for (const guard of guards) {
      const finding = await check(client, subject, guard).catch((error: unknown) =>
        failedByItself(error, { statementTimeoutMs, signal }),
      );
      if (signal?.aborted) throw new FreshetError('cancelled', 'The build was cancelled.');
      results.push({ guard, ...finding });
    }
    return results;
  });

type Finding = Omit<GuardResult, 'guard'>;
const passed = (message: string): Finding => ({ ok: true, message, failingRows: [] });
const failed = (message: string): Finding => ({ ok: false, message, failingRows: [] });

const check = async (client: Client, subject: GuardSubject, guard: Guard): Promise<Finding> => {
  if (guard.kind === 'not_empty') return notEmpty(subject);
  if (guard.kind === 'row_change') return rowChange(subject, guard.percent ?? 0);
  const columns = await tableColumns(client, subject.table);
  const { text, what, first } = guardQuery(guard, subject, columns);
  const count = await countRows(client, text);
  if (count === 0) return passed(`No ${what('row is')}.`);
  const { rows } = await sampleRows(client, text, { limit: sampleSize, first });
  return { ok: false, message: `${counted(count, what)}.`, failingRows: rows };
};

const countRows = async (client: Client, text: string): Promise<number> => {
  const { rows } = await client.query<{ n: number }>(
    oneStatement(
      `SELECT pg_catalog.count(*)::int AS n FROM (SELECT FROM (${text}\n) q LIMIT ${countUpTo}) found`,
    ),
  );
  return rows[0]?.n ?? 0;
};

const counted = (count: number, what: (subject: string) => string): string => {
  if (count === 1) return `1 ${what('row is')}`;
  return `${count.toLocaleString('en')}${count === countUpTo ? ' or more' : ''} ${what('rows are')}`;
};

const notEmpty = ({ rowCount, allowEmpty }: GuardSubject): Finding => {
  if (rowCount > 0) return passed(rowCount === 1 ? '1 row.' : `${rowCount.toLocaleString('en')} rows.`);
  return allowEmpty
    ? passed('The result is empty, which is allowed.')
    : failed('The result is empty. Allow empty results if that is right.');
};

const rowChange = ({ rowCount, rowsBefore }: GuardSubject, percent: number): Finding => {
  if (rowsBefore === null) return passed('There is nothing to compare with.');
  if (rowsBefore === 0) return passed('There were no rows before, so there is no share to compare.');
  const change = (100 * Math.abs(rowCount - rowsBefore)) / rowsBefore;
  const message = `${rowsBefore.toLocaleString('en')} → ${rowCount.toLocaleString('en')} rows, a change of ${change.toFixed(1)} %`;
  return change <= percent
    ? passed(`${message}.`)
    : failed(`${message}, more than the allowed ${percent} %.`);
};

/** What went wrong with a guard's own query, as its finding; throws what is not the guard's doing. */
const failedByItself = (
  error: unknown,
  { statementTimeoutMs, signal }: { statementTimeoutMs: number | undefined; signal: AbortSignal | undefined },
): Finding => {
  try {
    return throwSqlError(error, {
      ...(statementTimeoutMs !== undefined && { timeoutMs: statementTimeoutMs }),
      ...(signal && { signal }),
    });
  } catch (problem) {
    if (!(problem instanceof FreshetError)) throw problem;
    switch (problem.code) {
      case 'sql_timeout':
        return failed(`It could not be checked: ${lower(problem.message)}`);
      case 'sql_failed':
      case 'sql_refused':
      case 'sql_too_costly':
      case 'input_not_built':
      case 'invalid_input':
        return failed(`It could not be checked. ${problem.message}`);
      default:
        throw problem;
    }
  }
};

const lower = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
