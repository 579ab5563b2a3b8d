/** What PostgreSQL expects a build to cost, for a dry run: its own estimate, nothing is executed. */
import type { QueryPlan } from '@freshet/contracts';
import { cancelledBy, oneStatement, throwSqlError, type Builder } from '@freshet/warehouse';
import type { BuildPlan } from './plan-build';

interface ExplainedPlan {
  Plan: { 'Total Cost': number; 'Plan Rows': number };
}

/** Longer plans are cut: people read the top of one. */
const longest = 20_000;

export const explainBuild = async (
  builder: Builder,
  { bound, names }: BuildPlan,
  signal: AbortSignal,
): Promise<QueryPlan> => {
  const explain = async <T>(format: 'JSON' | 'TEXT'): Promise<T[]> => {
    const prefix = `EXPLAIN (FORMAT ${format}) `;
    const context = { signal, offset: prefix.length, toUserPosition: bound.toUserPosition };
    const { rows } = await builder
      .query<{ 'QUERY PLAN': T }>(oneStatement(`${prefix}${bound.text}`))
      .catch((error: unknown) => throwSqlError(error, context));
    return rows.map((row) => row['QUERY PLAN']);
  };
  return cancelledBy(signal, builder, async () => {
    const [[explained] = []] = await explain<ExplainedPlan[]>('JSON');
    const physical = (await explain<string>('TEXT')).join('\n').slice(0, longest);
    const text = physical.replace(/\b[sm]_\w+_v\d+\b/g, (table) => names.get(table) ?? table);
    return { cost: explained?.Plan['Total Cost'] ?? 0, rows: explained?.Plan['Plan Rows'] ?? 0, text };
  });
};
