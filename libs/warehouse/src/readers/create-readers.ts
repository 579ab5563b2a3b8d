/** Runs people's queries as their project's reader, within limits of rows, bytes, cost and time. */
import type { PoolClient } from 'pg';
import { FreshetError } from '@freshet/contracts';

import type { BoundQuery } from '../binding/bound-query';
import { RecentlyUsed } from '../gate/recently-used';
import { sqlRefused } from '../gate/refuse';
import { ByteBudget, type ByteLimit } from './byte-limit';
import { Deadline, defaultGraceMs, Overdue } from './deadline';
import { describeQuery } from './describe-query';
import { defaultMaxCost, estimateQuery, refuseCostly } from './estimate-query';
import { fetchRows } from './fetch-rows';
import { ProjectPools } from './project-pools';
import { queryFailure, tooSlow } from './query-failure';
import type { QueryEstimate, QueryLimits, QueryResult, ReaderOptions, ResultColumn } from './reader-types';
import { readRows } from './read-rows';
import { ResultTypes } from './result-types';
import { Tidying } from './tidy-up';

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
const defaultMaxBytesTogether = 256 * 1024 * 1024;

export const createReaders = (options: ReaderOptions): Readers => {
  const pools = new ProjectPools(options);
  const types = new ResultTypes();
  const maxCost = options.maxCost ?? defaultMaxCost;
  // A bound text names versions, which don't change; stream tables grow, so not for long.
  const estimates = new RecentlyUsed<QueryEstimate>({ max: 1_000, forMs: 60_000 });
  const tidying = new Tidying();
  const budget = new ByteBudget(options.maxBytesTogether ?? defaultMaxBytesTogether);
  const graceMs = options.graceMs ?? defaultGraceMs;

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
    const bytes = budget.limit(client, maxBytes);
    const deadline = new Deadline(timeoutMs, graceMs);
    const begunWork = client
      .query(`BEGIN READ ONLY; ${deadline.setting}`)
      .then(() => work({ client, params: values, deadline }));
    tidying.add({
      lease,
      bytes,
      work: begunWork.then(
        ({ broken }) => broken,
        (error: unknown) => bytes.exceeded !== undefined || queryFailure(error, bound).code === 'unavailable',
      ),
    });
    try {
      const { answer } = await deadline.wait(begunWork);
      return answer;
    } catch (error) {
      if (error instanceof Overdue) throw tooSlow(error);
      throw bytes.exceeded ? tooLarge(bytes.exceeded, maxBytes) : queryFailure(error, bound);
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
      return readRows(fetched, columns);
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
      await tidying.end();
      await pools.close();
    },
  };
};

const parametersFor = (bound: BoundQuery, params: readonly unknown[]): readonly unknown[] => {
  if (params.length < bound.parameterCount)
    throw sqlRefused(
      `The query needs ${bound.parameterCount} parameters ($1 …), but was given ${params.length}.`,
    );
  // PostgreSQL refuses more values than the text has places for.
  return params.slice(0, bound.parameterCount);
};

const tooLarge = (exceeded: NonNullable<ByteLimit['exceeded']>, maxBytes: number): FreshetError =>
  exceeded === 'own'
    ? new FreshetError(
        'result_too_large',
        `The result is larger than ${Math.round(maxBytes / 1024 / 1024)} MB. Select fewer columns, or aggregate.`,
      )
    : new FreshetError(
        'unavailable',
        'Too many large results are being read at once. Try again in a moment, or select fewer columns.',
      );
