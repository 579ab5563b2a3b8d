/** Data models: what they are, previews of them, their rows, and what a new name changes. */
import { z } from 'zod';
import { defaults } from '../defaults';
import { freshness, modelStatus } from '../states';
import { guard } from './guards';
import { asOf, cell, column, fault, id, sqlName, sqlText, time } from './values';
import { schedule } from './schedule';

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
  /** `shadow` builds and compares, and publishes nothing. */
  mode: z.enum(['live', 'shadow']),
  /** When shadow mode ends by itself; null: when somebody ends it. */
  shadowUntil: time.nullable(),
  /** Keep a view of the published version for tools outside (`pub_<project>.<name>`). */
  stableView: z.boolean(),
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
  mode: modelFields.mode.default('live'),
  shadowUntil: modelFields.shadowUntil.default(null),
  stableView: modelFields.stableView.default(false),
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
  /** The version is held by a rollback until it is released. */
  pinned: z.boolean(),
  /** Built and waiting until the others of its set are built too. */
  candidateVersion: z.number().int().nullable(),
  mode: z.enum(['live', 'shadow']),
  shadowUntil: time.nullable(),
  stableView: z.boolean(),
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

/** What was changed with a model's name: the queries that read it. */
export const renameRepair = z.object({
  models: z.array(z.object({ id, name: z.string() })),
  charts: z.array(z.object({ id, title: z.string(), dashboardId: id })),
});
export type RenameRepair = z.infer<typeof renameRepair>;
