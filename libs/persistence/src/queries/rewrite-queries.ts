/** Stores queries that say the same in other words: what was built from them stays what it is, so no definition moves. */
import type { Guard } from '@freshet/contracts';
import type { Sql } from '../sql';

const rewriteModel = /* sql */ `
update app.data_model set sql = $2, guards = $3, revision = revision + 1 where id = $1`;
const rewriteChart = `update app.chart set sql = $2 where id = $1`;
// Whoever edits the dashboard meanwhile has to look again.
const touchDashboards = /* sql */ `
update app.dashboard set revision = revision + 1, updated_at = clock_timestamp() where id = any($1::bigint[])`;

export interface RewrittenQueries {
  models: { id: string; sql: string; guards: Guard[] }[];
  charts: { id: string; sql: string; dashboardId: string }[];
}

/** In a transaction. */
export const rewriteQueries = async (sql: Sql, { models, charts }: RewrittenQueries): Promise<void> => {
  for (const { id, sql: text, guards } of models)
    await sql.rows(rewriteModel, [id, text, JSON.stringify(guards)]);
  for (const { id, sql: text } of charts) await sql.rows(rewriteChart, [id, text]);
  if (charts.length)
    await sql.rows(touchDashboards, [[...new Set(charts.map(({ dashboardId }) => dashboardId))]]);
};
