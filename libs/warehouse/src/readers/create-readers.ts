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
import { fetchRows, type FetchedRows } from './fetch-rows';
import { ProjectPools } from './project-pools';
import { queryFailure, tooSlow } from './query-failure';
import type { QueryEstimate, QueryLimits, QueryResult, ReaderOptions, ResultColumn } from './reader-types';
import { readRows } from './read-rows';
import { ResultTypes, type ResultType } from './result-types';
import { Tidying, type Left } from './tidy-up';

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
  /** Statements that begin a read-only transaction within the time; the work sends them along with its own first one. */
  before: readonly string[];
}

/** What the caller gets, and what the work leaves behind. */
interface Turned<T> {
  answer: T;
  left: Left;
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
    work: (turn: Turn) => Promise<Turned<T>>,
  ): Promise<T> => {
    const values = parametersFor(bound, params);
    const lease = await pools.lease(projectId, timeoutMs).catch((error: unknown) => {
      throw queryFailure(error, bound);
    });
    const { client } = lease;
    const bytes = budget.limit(client, maxBytes);
    const deadline = new Deadline(timeoutMs, graceMs);
    const begunWork = work({
      client,
      params: values,
      deadline,
      before: ['BEGIN READ ONLY', deadline.setting],
    });
    const isBroken = (error: unknown): boolean =>
      bytes.exceeded !== undefined || queryFailure(error, bound).code === 'unavailable';
    tidying.add({
      lease,
      bytes,
      work: begunWork.then(
        ({ left }) => left,
        (error: unknown) => (isBroken(error) ? 'broken' : 'open'),
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

  /** Names of types that no result had before. */
  const learn = (
    projectId: string,
    bound: BoundQuery,
    limits: Pick<QueryLimits, 'params' | 'timeoutMs'>,
    { fields }: FetchedRows,
  ): Promise<ResultType[]> =>
    asReader(projectId, bound, { ...limits, maxBytes: planBytes }, async ({ client, before }) => {
      await client.query(before.join('; '));
      return { answer: await types.of(client, fields), left: 'open' };
    });

  return {
    query: async (projectId, bound, { maxRows, ...limits }) => {
      const key = JSON.stringify([projectId, bound.text, limits.params]);
      const known = estimates.get(key);
      if (known) refuseCostly(known, maxCost);
      const fetched = await asReader(projectId, bound, limits, async ({ before: begin, ...turn }) => {
        const { client, params, deadline } = turn;
        let [estimate, before] = [known, begin];
        if (!estimate) {
          estimate = await estimateQuery(client, bound, { before, params });
          if (key.length <= maxRememberedKey) estimates.set(key, estimate);
          refuseCostly(estimate, maxCost);
          before = deadline.isNear ? [deadline.setting] : [];
        }
        const { parallel } = estimate;
        const run = fetchRows(client, { before, text: bound.text, values: params, maxRows, parallel });
        const answer = await run.fetched;
        return { answer, left: answer.truncated && parallel ? 'broken' : run };
      });
      return readRows(
        fetched,
        types.known(fetched.fields) ?? (await learn(projectId, bound, limits, fetched)),
      );
    },
    explain: (projectId, bound, limits) =>
      asReader(projectId, bound, { ...limits, maxBytes: planBytes }, async ({ client, ...turn }) => ({
        answer: await estimateQuery(client, bound, turn),
        left: 'open',
      })),
    describe: (projectId, bound, limits) =>
      asReader(projectId, bound, { ...limits, maxBytes: planBytes }, async ({ client, ...turn }) => ({
        answer: await describeQuery(client, bound, types, turn),
        left: 'open',
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
