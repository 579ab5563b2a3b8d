/** Data models, their versions and refreshes, and cascades. */
import { z } from 'zod';
import { defaults } from '../defaults';
import { cascadeItemState, modelStatus, refreshStatus, refreshTrigger, freshness } from '../states';
import { asOf, cell, column, fault, id, sqlName, sqlText, time } from './values';
import { schedule } from './schedule';

export const guard = z.object({
  kind: z.enum(['not_empty', 'unique', 'not_null', 'range', 'accepted_values', 'row_change', 'sql']),
  columns: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  values: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  percent: z.number().positive().optional(),
  sql: z.string().optional(),
  severity: z.enum(['block', 'warn']).default('block'),
});
export type Guard = z.infer<typeof guard>;

export const modelIndex = z.object({
  columns: z.array(z.string()).min(1).max(8),
  unique: z.boolean().default(false),
});
export type ModelIndex = z.infer<typeof modelIndex>;

export const previewQuery = z.object({
  sql: sqlText,
  limit: z.number().int().min(1).max(1_000).default(100),
});
export type PreviewQuery = z.infer<typeof previewQuery>;
export const upstream = z.object({
  tables: z.array(z.object({ streamId: id, sourceId: id, name: z.string() })),
  models: z.array(z.object({ id, name: z.string() })),
});
export type Upstream = z.infer<typeof upstream>;
export const previewResult = z.object({
  columns: z.array(column),
  rows: z.array(z.array(cell)),
  upstream,
  truncated: z.boolean(),
});
export type PreviewResult = z.infer<typeof previewResult>;

const modelFields = {
  name: sqlName,
  sql: sqlText,
  autoRefresh: z.boolean(),
  updatesOn: z.enum(['any', 'all']),
  guards: z.array(guard).max(50),
  indexes: z.array(modelIndex).max(20),
  schedule: schedule.optional(),
  keepVersions: z.number().int().min(1).max(100),
  schemaPolicy: z.enum(['strict', 'additive', 'any']),
  allowEmpty: z.boolean(),
};

export const createModel = z.object({
  ...modelFields,
  autoRefresh: modelFields.autoRefresh.default(true),
  updatesOn: modelFields.updatesOn.default('all'),
  guards: modelFields.guards.default([]),
  indexes: modelFields.indexes.default([]),
  keepVersions: modelFields.keepVersions.default(defaults.versions.keep),
  schemaPolicy: modelFields.schemaPolicy.default('any'),
  allowEmpty: modelFields.allowEmpty.default(true),
});
export type CreateModel = z.infer<typeof createModel>;
/** What is left out stays as it is: no defaults here. */
export const updateModel = z.object(modelFields).partial();
export type UpdateModel = z.infer<typeof updateModel>;

export const model = z.object({
  id,
  projectId: id,
  name: z.string(),
  sql: z.string(),
  status: modelStatus,
  owed: z.boolean(),
  why: z.string(),
  /** The published version; null before the first build. */
  version: z.number().int().nullable(),
  pinned: z.boolean(),
  rowCount: z.number().int().nullable(),
  lastRefreshedAt: time.nullable(),
  lastDurationMs: z.number().nullable(),
  freshness,
  asOf: z.array(asOf),
  /** The input vector of the latest build, by the names people use. */
  inputs: z.array(
    z.object({
      kind: z.enum(['table', 'model']),
      id,
      name: z.string(),
      built: z.number().nullable(),
      current: z.number().nullable(),
    }),
  ),
  upstream,
  downstream: z.array(z.object({ id, name: z.string() })),
  dashboards: z.array(z.object({ id, name: z.string() })),
  columns: z.array(column),
  autoRefresh: z.boolean(),
  updatesOn: z.enum(['any', 'all']),
  guards: z.array(guard),
  indexes: z.array(modelIndex),
  keepVersions: z.number().int(),
  schemaPolicy: z.enum(['strict', 'additive', 'any']),
  allowEmpty: z.boolean(),
  error: fault.nullable(),
  activeRefreshId: id.nullable(),
  createdAt: time,
  /** For If-Match. */
  revision: z.number().int(),
});
export type Model = z.infer<typeof model>;

export const modelRows = z.object({
  columns: z.array(column),
  items: z.array(z.array(cell)),
  nextCursor: z.string().nullable(),
  version: z.number().int(),
});
export type ModelRows = z.infer<typeof modelRows>;

export const modelVersion = z.object({
  version: z.number().int(),
  published: z.boolean(),
  rowCount: z.number().int(),
  bytes: z.number().int(),
  columns: z.array(column),
  builtAt: time,
  retiredAt: time.nullable(),
  refreshId: id.nullable(),
});
export type ModelVersion = z.infer<typeof modelVersion>;

export const requestRefresh = z.object({ dryRun: z.boolean().optional(), shadow: z.boolean().optional() });
export const refreshAccepted = z.object({ refreshId: id, joined: z.boolean() });

export const refresh = z.object({
  id,
  modelId: id,
  modelName: z.string(),
  status: refreshStatus,
  triggeredBy: refreshTrigger,
  principal: z.string().nullable(),
  sourceId: id.nullable(),
  cascadeId: id.nullable(),
  why: z.string(),
  version: z.number().int().nullable(),
  published: z.boolean(),
  rowsBefore: z.number().int().nullable(),
  rowsAfter: z.number().int().nullable(),
  rowsAdded: z.number().int().nullable(),
  rowsRemoved: z.number().int().nullable(),
  rowsChanged: z.number().int().nullable(),
  queuedAt: time,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  durationMs: z.number().nullable(),
  sql: z.string().nullable(),
  guards: z.array(z.object({ guard: z.string(), ok: z.boolean(), message: z.string() })),
  error: fault.nullable(),
});
export type Refresh = z.infer<typeof refresh>;

export const cascade = z.object({
  id,
  projectId: id,
  sourceId: id.nullable(),
  runId: id.nullable(),
  why: z.string(),
  startedAt: time,
  completedAt: time.nullable(),
  items: z.array(
    z.object({
      modelId: id,
      modelName: z.string(),
      state: cascadeItemState,
      why: z.string(),
      queuedAt: time.nullable(),
      startedAt: time.nullable(),
      publishedAt: time.nullable(),
      refreshId: id.nullable(),
    }),
  ),
});
export type Cascade = z.infer<typeof cascade>;

export const cascadeAccepted = z.object({ cascadeId: id, models: z.array(id) });

export const refreshState = z.object({
  status: z.enum(['idle', 'running', 'degraded']),
  running: z.number().int(),
  queued: z.number().int(),
  failed: z.number().int(),
  owed: z.number().int(),
  workers: z.number().int(),
});
export type RefreshState = z.infer<typeof refreshState>;

export const impact = z.object({
  models: z.array(z.object({ id, name: z.string(), expectedMs: z.number().nullable() })),
  expectedMs: z.number().nullable(),
  dashboards: z.array(z.object({ id, name: z.string() })),
});
