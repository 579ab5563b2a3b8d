/** Asks PostgreSQL's planner what a query would cost, and refuses what would cost too much. */
import type { Client } from 'pg';
import { FreshetError } from '@freshet/contracts';

import type { BoundQuery } from '../binding/bound-query';
import { queryFailure } from './query-failure';
import type { QueryEstimate } from './reader-types';
import { runBatch } from './statement-batch';

/**
 * About what handling a billion rows costs (cpu_tuple_cost is 0.01). An aggregate over ten million joined rows is
 * estimated at a tenth of that.
 */
export const defaultMaxCost = 10_000_000;

const prefix = 'EXPLAIN (FORMAT JSON) ';

interface Plan {
  'Total Cost': number;
  'Plan Rows': number;
  'Workers Planned'?: number;
  Plans?: Plan[];
}

/**
 * Runs `before`, which begins a transaction, and leaves it open. Throws as queryFailure: planning finds unknown columns and
 * types that don't fit.
 */
export const estimateQuery = async (
  client: Client,
  bound: BoundQuery,
  { before, params }: { before: readonly string[]; params: readonly unknown[] },
): Promise<QueryEstimate> => {
  try {
    const asked = { text: prefix + bound.text, values: params, maxRows: 0 };
    const { rows } = await runBatch(client, { before, asked });
    const [{ Plan: plan }] = JSON.parse(rows[0]?.[0] ?? '') as [{ Plan: Plan }];
    return {
      cost: plan['Total Cost'],
      rows: plan['Plan Rows'],
      widest: widest(plan),
      parallel: wantsWorkers(plan),
    };
  } catch (error) {
    throw queryFailure(error, bound, prefix.length);
  }
};

const wantsWorkers = (plan: Plan): boolean =>
  Boolean(plan['Workers Planned']) || (plan.Plans ?? []).some(wantsWorkers);

const widest = (plan: Plan): number => Math.max(plan['Plan Rows'], ...(plan.Plans ?? []).map(widest));

/** Throws `sql_too_costly` with the estimate and the limit in its sentence and in `extra`. */
export const refuseCostly = ({ cost, rows, widest: most }: QueryEstimate, maxCost: number): void => {
  if (cost <= maxCost) return;
  throw new FreshetError(
    'sql_too_costly',
    `The query is too heavy: PostgreSQL expects ${about(most)} rows on the way and a cost of ${about(cost)}, where ` +
      `${about(maxCost)} is allowed. Give each join a condition, narrow the dates, or let a model prepare the heavy part.`,
    { extra: { cost, maxCost, rows } },
  );
};

/** `20 million`; estimates have no more meaning than that. */
const about = (value: number): string =>
  value >= 1e15
    ? 'more than 1,000 trillion'
    : new Intl.NumberFormat('en', {
        notation: 'compact',
        compactDisplay: 'long',
        maximumSignificantDigits: 2,
      }).format(value);
