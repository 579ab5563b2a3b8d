/** Data models, their versions and refreshes, and cascades. */
import { z } from 'zod';
import { defaults } from '../defaults';
import {
  cascadeItemState,
  freshness,
  modelStatus,
  refreshKind,
  refreshStatus,
  refreshTrigger,
  versionState,
} from '../states';
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

/** What a guard found on one build. */
export const guardReport = z.object({
  /** Kind and columns, as in `unique(email)`. */
  guard: z.string(),
  ok: z.boolean(),
  message: z.string(),
  severity: z.enum(['block', 'warn']),
  /** Some of the offending rows, name → value, long values cut; only in the refresh itself, not in lists. */
  rows: z.array(z.record(z.string(), cell)).optional(),
});
export type GuardReport = z.infer<typeof guardReport>;

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

export const modelVersion = z.object({
  version: z.number().int(),
  state: versionState,
  published: z.boolean(),
  rowCount: z.number().int(),
  bytes: z.number().int(),
  columns: z.array(column),
  builtAt: time,
  retiredAt: time.nullable(),
  publishedAt: time.nullable(),
  refreshId: id.nullable(),
  guards: z.array(guardReport.omit({ rows: true })),
});
export type ModelVersion = z.infer<typeof modelVersion>;

export const chooseVersion = z.object({ version: z.number().int().positive() });
export type ChooseVersion = z.infer<typeof chooseVersion>;

/** One column's values in one version. */
export const columnProfile = z.object({
  type: z.string(),
  nulls: z.number().int(),
  /** Estimated from PostgreSQL's statistics for large versions. */
  distinct: z.number().nullable(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  mean: z.number().nullable(),
});
export const versionDiff = z.object({
  /** Null: there is no published version to compare with. */
  from: z.number().int().nullable(),
  to: z.number().int(),
  rowsBefore: z.number().int(),
  rowsAfter: z.number().int(),
  rowsAdded: z.number().int(),
  rowsRemoved: z.number().int(),
  /** Only with a key; without one a changed row counts as one removed and one added. */
  rowsChanged: z.number().int(),
  /** Columns by which rows were paired; empty: by their whole content. */
  key: z.array(z.string()),
  columns: z.array(
    z.object({
      name: z.string(),
      change: z.enum(['same', 'added', 'removed', 'retyped']),
      from: columnProfile.nullable(),
      to: columnProfile.nullable(),
      /** Paired rows whose value differs; null without a key. */
      changedRows: z.number().int().nullable(),
    }),
  ),
  samples: z.object({
    added: z.array(z.record(z.string(), cell)),
    removed: z.array(z.record(z.string(), cell)),
    changed: z.array(z.object({ before: z.record(z.string(), cell), after: z.record(z.string(), cell) })),
  }),
});
export type VersionDiff = z.infer<typeof versionDiff>;

/** What PostgreSQL expects a query to cost, from its own estimate. */
export const queryPlan = z.object({ cost: z.number(), rows: z.number(), text: z.string() });
export type QueryPlan = z.infer<typeof queryPlan>;

export const requestRefresh = z
  .object({
    /** Plan, cost and difference; keeps nothing. */
    dryRun: z.boolean().optional(),
    /** Build beside the published version and keep the result from readers. */
    shadow: z.boolean().optional(),
  })
  .refine(({ dryRun, shadow }) => !(dryRun && shadow), 'Ask for a dry run or a shadow build, not for both.');
export type RequestRefresh = z.infer<typeof requestRefresh>;
export const refreshAccepted = z.object({ refreshId: id, joined: z.boolean() });

export const refresh = z.object({
  id,
  modelId: id,
  modelName: z.string(),
  kind: refreshKind,
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
  guards: z.array(guardReport),
  /** Of a dry run. */
  plan: queryPlan.nullable(),
  /** Of a shadow build and a dry run: against the version that was published then. */
  comparison: versionDiff.nullable(),
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
      /** From the cascade's start to its own; null before. */
      waitedMs: z.number().nullable(),
      ranMs: z.number().nullable(),
    }),
  ),
  /** Dashboards that show something of it, and since when they show all of it. */
  dashboards: z.array(z.object({ id, name: z.string(), reachedAt: time.nullable() })),
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
  /** In the order in which they would be refreshed. */
  models: z.array(
    z.object({
      id,
      name: z.string(),
      /** By its history; null without one. */
      expectedMs: z.number().nullable(),
      /** From the start of the cascade, with the slots there are; null when something before it has no history. */
      expectedStartMs: z.number().nullable(),
      expectedEndMs: z.number().nullable(),
    }),
  ),
  expectedMs: z.number().nullable(),
  dashboards: z.array(z.object({ id, name: z.string() })),
});

/** What was changed with a model's name: the queries that read it. */
export const renameRepair = z.object({
  models: z.array(z.object({ id, name: z.string() })),
  charts: z.array(z.object({ id, title: z.string(), dashboardId: id })),
});
export type RenameRepair = z.infer<typeof renameRepair>;
