/** Dashboards, charts and query results. */
import { z } from 'zod';
import { asOf, cell, column, id, slug, sqlText, time } from './values';

export const chartType = z.enum(['kpi', 'line', 'area', 'bar', 'hbar', 'stacked', 'pie', 'table']);
export type ChartType = z.infer<typeof chartType>;

/** Place on a grid of 12 columns; height in rows of 80 px. */
export const chartLayout = z.object({
  x: z.number().int().min(0).max(11),
  y: z.number().int().min(0),
  w: z.number().int().min(1).max(12),
  h: z.number().int().min(1).max(12),
});

export const chartOptions = z.object({
  /** Column of the category or time axis; the first column when absent. */
  x: z.string().optional(),
  /** Value columns; all other columns when absent. */
  y: z.array(z.string()).optional(),
  /** Column that splits one value column into several series. */
  series: z.string().optional(),
  unit: z.string().max(20).optional(),
  format: z.enum(['number', 'integer', 'percent', 'currency']).optional(),
  currency: z.string().length(3).optional(),
  /** One line under the title. */
  subtitle: z.string().max(200).optional(),
});
export type ChartOptions = z.infer<typeof chartOptions>;

export const chartInput = z.object({
  /** Present for a chart that is already there. */
  id: id.optional(),
  title: z.string().trim().min(1).max(200),
  type: chartType,
  sql: sqlText,
  params: z.array(cell).max(50).default([]),
  options: chartOptions.default({}),
  layout: chartLayout,
});
export type ChartInput = z.infer<typeof chartInput>;

export const chart = chartInput.required({ id: true });
export type Chart = z.infer<typeof chart>;

export const createDashboard = z.object({
  name: z.string().trim().min(1).max(100),
  slug: slug.optional(),
  description: z.string().max(500).optional(),
  charts: z.array(chartInput).max(60).default([]),
});
export type CreateDashboard = z.infer<typeof createDashboard>;
/** What is left out stays as it is: no defaults here. */
export const updateDashboard = createDashboard
  .omit({ slug: true })
  .extend({ charts: z.array(chartInput).max(60) })
  .partial();
export type UpdateDashboard = z.infer<typeof updateDashboard>;

export const dashboardSummary = z.object({
  id,
  projectId: id,
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  chartCount: z.number().int(),
  updatedAt: time,
});
export type DashboardSummary = z.infer<typeof dashboardSummary>;

export const dashboard = dashboardSummary.extend({
  charts: z.array(chart),
  /** Models the charts read, directly or through other models' results. */
  models: z.array(z.object({ id, name: z.string() })),
  revision: z.number().int(),
});
export type Dashboard = z.infer<typeof dashboard>;

export const runQuery = z.object({
  sql: sqlText,
  params: z.array(cell).max(50).default([]),
  fresh: z.boolean().default(false),
  /** Read as it was published at this time, as far as the versions are kept (spec DB14). */
  asOf: time.optional(),
});
export type RunQuery = z.infer<typeof runQuery>;

/** The results contain different runs of one source: told, never hidden (spec CA13). */
export const mixedGenerations = z.object({
  sentence: z.string(),
  sources: z.array(
    z.object({ sourceId: id, runs: z.array(z.object({ runId: id.nullable(), models: z.array(id) })) }),
  ),
});
export type MixedGenerations = z.infer<typeof mixedGenerations>;

export const queryResult = z.object({
  columns: z.array(column),
  rows: z.array(z.array(cell)),
  /** Model id → the version it was read from. */
  versions: z.record(z.string(), z.number().int()),
  asOf: z.array(asOf),
  source: z.enum(['live', 'cache', 'fallback']),
  generatedAt: time,
  mixed: mixedGenerations.nullable(),
  /** Values of this day and later are provisional: a vendor below still restates them (spec DB13); null: all are settled. */
  provisionalFrom: z.iso.date().nullable(),
  truncated: z.boolean(),
  warnings: z.array(z.string()),
});
export type QueryResult = z.infer<typeof queryResult>;

/** Why one chart of a dashboard has no result, while the others have. */
export const chartFailure = z.object({
  error: z.object({ code: z.string(), message: z.string(), action: z.string().nullable() }),
});
export const chartResult = z.union([queryResult, chartFailure]);
export type ChartResult = z.infer<typeof chartResult>;

export const loadDashboard = z.object({
  charts: z.array(id).optional(),
  fresh: z.boolean().default(false),
  /** Show it as it was at this time, as far as the versions are kept. */
  asOf: time.optional(),
});
export type LoadDashboard = z.infer<typeof loadDashboard>;
export const dashboardData = z.object({
  versions: z.record(z.string(), z.number().int()),
  results: z.record(z.string(), chartResult),
  /** Over all charts of this load. */
  mixed: mixedGenerations.nullable(),
});
export type DashboardData = z.infer<typeof dashboardData>;

export const syncStatus = z.object({ lastSyncAt: time.nullable(), status: z.string(), isStale: z.boolean() });

export const missedEvents = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      projectId: id,
      seq: z.number().int().nullable(),
      payload: z.unknown(),
      at: time,
    }),
  ),
  nextCursor: z.string().nullable(),
  /** The project's current `seq`. */
  seq: z.number().int(),
});
