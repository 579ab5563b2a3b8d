/** Runs people's queries as their project's reader, within limits of rows, bytes, cost and time. */
import type { PoolClient } from 'pg';
import { FreshetError } from '@freshet/contracts';

import type { BoundQuery } from '../binding/bound-query';
import { RecentlyUsed } from '../gate/recently-used';
import { sqlRefused } from '../gate/refuse';
import { limitBytes } from './byte-limit';
import { Deadline, graceMs } from './deadline';
import { describeQuery } from './describe-query';
import { defaultMaxCost, estimateQuery, refuseCostly } from './estimate-query';
import { fetchRows, type FetchedRows } from './fetch-rows';
import { ProjectPools, type Lease } from './project-pools';
import { queryFailure, tooSlow } from './query-failure';
import type { QueryEstimate, QueryLimits, QueryResult, ReaderOptions, ResultColumn } from './reader-types';
import { ResultTypes, type ResultType } from './result-types';

export interface Readers {
  /**
   * Throws `sql_failed` (with `position` in the person's text), `sql_timeout`, `sql_too_costly`, `result_too_large`,
   * `sql_refused` (parameters missing) or `unavailable`. Too many rows are cut off and marked `truncated`.
   */
  query(projectId: string, bound: BoundQuery, limits: QueryLimits): Promise<QueryResult>;
  /** The planner's estimate; nothing is refused for its cost. */
  explain(
    projectId: string,
    bound: BoundQuery,
    limits: Pick<QueryLimits, 'params' | 'timeoutMs'>,
  ): Promise<QueryEstimate>;
  /** Names and types of the columns, without running the query. */
  describe(
    projectId: string,
    bound: BoundQuery,
    limits: Pick<QueryLimits, 'params' | 'timeoutMs'>,
  ): Promise<ResultColumn[]>;
  /** Waits for what runs and closes all connections. */
  close(): Promise<void>;
}

/** Longer texts with their parameters are planned anew each time. */
const maxRememberedKey = 20_000;

/** What one query has while it is its turn. */
interface Turn {
  client: PoolClient;
  params: readonly unknown[];
  deadline: Deadline;
}

/** Plans and descriptions of columns, not rows. */
const planBytes = 4 * 1024 * 1024;

export const createReaders = (options: ReaderOptions): Readers => {
  const pools = new ProjectPools(options);
  const types = new ResultTypes();
  const maxCost = options.maxCost ?? defaultMaxCost;
  // A bound text names versions, which don't change; stream tables grow, so not for long.
  const estimates = new RecentlyUsed<QueryEstimate>({ max: 1_000, forMs: 60_000 });
  const tidying = new Set<Promise<void>>();

  /** Runs `work` in a read-only transaction of its own; the caller doesn't wait for the tidying up behind it. */
  const asReader = async <T>(
    projectId: string,
    bound: BoundQuery,
    {
      params = [],
      timeoutMs,
      maxBytes,
    }: { params?: readonly unknown[]; timeoutMs: number; maxBytes: number },
    work: (turn: Turn) => Promise<{ answer: T; broken: boolean }>,
  ): Promise<T> => {
    const values = parametersFor(bound, params);
    const lease = await pools.lease(projectId, timeoutMs).catch((error: unknown) => {
      throw queryFailure(error, bound);
    });
    const { client } = lease;
    const bytes = limitBytes(client, maxBytes);
    const deadline = new Deadline(timeoutMs);
    const giveUp = setTimeout(() => client.connection.stream.destroy(), timeoutMs + graceMs);
    let broken = true;
    try {
      await client.query(`BEGIN READ ONLY; ${deadline.setting}`);
      const done = await work({ client, params: values, deadline });
      broken = done.broken;
      return done.answer;
    } catch (error) {
      if (bytes.exceeded) throw tooLarge(maxBytes);
      const failure = deadline.isLongOver ? tooSlow(error) : queryFailure(error, bound);
      broken = failure.code === 'unavailable';
      throw failure;
    } finally {
      clearTimeout(giveUp);
      bytes.remove();
      const tidied: Promise<void> = tidyUp(lease, broken).finally(() => tidying.delete(tidied));
      tidying.add(tidied);
    }
  };

  return {
    query: async (projectId, bound, { maxRows, ...limits }) => {
      const fetched = await asReader(projectId, bound, limits, async ({ client, params, deadline }) => {
        const key = JSON.stringify([projectId, bound.text, params]);
        let estimate = estimates.get(key);
        if (!estimate) {
          estimate = await estimateQuery(client, bound, params);
          if (key.length <= maxRememberedKey) estimates.set(key, estimate);
        }
        refuseCostly(estimate, maxCost);
        if (deadline.isNear) await client.query(deadline.setting);
        const rows = await fetchRows(client, {
          text: bound.text,
          values: params,
          maxRows,
          parallel: estimate.parallel,
        });
        if (!rows.broken) await types.of(client, rows.fields);
        return { answer: rows, broken: rows.broken };
      });
      const columns =
        types.known(fetched.fields) ??
        (await asReader(projectId, bound, { ...limits, maxBytes: planBytes }, async ({ client }) => ({
          answer: await types.of(client, fetched.fields),
          broken: false,
        })));
      return readable(fetched, columns);
    },
    explain: (projectId, bound, limits) =>
      asReader(projectId, bound, { ...limits, maxBytes: planBytes }, async ({ client, params }) => ({
        answer: await estimateQuery(client, bound, params),
        broken: false,
      })),
    describe: (projectId, bound, limits) =>
      asReader(projectId, bound, { ...limits, maxBytes: planBytes }, async ({ client, params }) => ({
        answer: await describeQuery(client, bound, types, params),
        broken: false,
      })),
    close: async () => {
      await Promise.all(tidying);
      await pools.close();
    },
  };
};

const readable = ({ fields, rows, truncated }: FetchedRows, types: readonly ResultType[]): QueryResult => ({
  columns: fields.map(({ name }, i) => ({ name, type: types[i]?.name ?? 'unknown' })),
  rows: rows.map((row) => row.map((text, i) => (text === null ? null : types[i]?.decode(text)))),
  truncated,
});

const parametersFor = (bound: BoundQuery, params: readonly unknown[]): readonly unknown[] => {
  if (params.length < bound.parameterCount)
    throw sqlRefused(
      `The query needs ${bound.parameterCount} parameters ($1 …), but was given ${params.length}.`,
    );
  // PostgreSQL refuses more values than the text has places for.
  return params.slice(0, bound.parameterCount);
};

const tooLarge = (maxBytes: number): FreshetError =>
  new FreshetError(
    'result_too_large',
    `The result is larger than ${Math.round(maxBytes / 1024 / 1024)} MB. Select fewer columns, or aggregate.`,
  );

/** DISCARD ALL forgets whatever a query could have left in the session. */
const tidyUp = async ({ client, release }: Lease, broken: boolean): Promise<void> => {
  if (broken) return release(true);
  try {
    await client.query('ROLLBACK');
    await client.query('DISCARD ALL');
    release(false);
  } catch {
    release(true);
  }
};
