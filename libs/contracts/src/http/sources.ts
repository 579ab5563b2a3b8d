/** Connectors, data sources, their tables and sync runs. */
import { z } from 'zod';
import { freshness, loadMode, sourceStatus, syncRunStatus, syncTrigger } from '../states';
import { schedule } from './schedule';
import { column, fault, id, slug, time } from './values';

const jsonSchema = z.record(z.string(), z.unknown());

export const connector = z.object({
  type: z.string(),
  name: z.string(),
  description: z.string(),
  auth: z.enum(['none', 'key', 'oauth2']),
  configSchema: jsonSchema,
  credentialsSchema: jsonSchema.nullable(),
  docsUrl: z.string().nullable(),
  streams: z.array(z.object({ name: z.string(), mode: loadMode, key: z.array(z.string()) })),
  provisionalDays: z.number().int(),
});
export type ConnectorInfo = z.infer<typeof connector>;

const connectorInput = z.object({
  type: z.string(),
  config: z.record(z.string(), z.unknown()),
  credentials: z.record(z.string(), z.unknown()).optional(),
});

export const checkSource = connectorInput;
export type CheckSource = z.infer<typeof checkSource>;
export const checkResult = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
});
export type CheckResult = z.infer<typeof checkResult>;

export const discoverResult = z.object({
  streams: z.array(
    z.object({
      name: z.string(),
      columns: z.array(column),
      sample: z.array(z.array(z.unknown())),
    }),
  ),
});
export type DiscoverResult = z.infer<typeof discoverResult>;

export const createSource = connectorInput.extend({
  name: z.string().trim().min(1, 'Give it a name.').max(100),
  slug: slug.optional(),
  schedule: schedule.optional(),
});
export type CreateSource = z.infer<typeof createSource>;

export const updateSource = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  config: z.record(z.string(), z.unknown()).optional(),
  schedule: schedule.optional(),
});
export type UpdateSource = z.infer<typeof updateSource>;

export const stream = z.object({
  name: z.string(),
  enabled: z.boolean(),
  mode: loadMode,
  key: z.array(z.string()),
  cursor: z.string().nullable(),
  lookbackDays: z.number().int(),
});

export const source = z.object({
  id,
  projectId: id,
  type: z.string(),
  name: z.string(),
  slug: z.string(),
  config: z.record(z.string(), z.unknown()),
  status: sourceStatus,
  statusReason: z.string().nullable(),
  lastSyncAt: time.nullable(),
  freshness,
  schedule,
  nextRunAt: time.nullable(),
  activeRunId: id.nullable(),
  streams: z.array(stream),
  createdAt: time,
  /** For If-Match. */
  revision: z.number().int(),
});
export type Source = z.infer<typeof source>;

export const startSync = z.object({
  streams: z.array(z.string()).optional(),
  window: z.object({ from: z.string(), to: z.string() }).optional(),
  full: z.boolean().optional(),
});
export type StartSync = z.infer<typeof startSync>;
export const syncAccepted = z.object({ runId: id, joined: z.boolean() });

export const records = z.object({
  inserted: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  deleted: z.number().int(),
  rejected: z.number().int(),
});
export type Records = z.infer<typeof records>;
export const noRecords: Records = { inserted: 0, updated: 0, unchanged: 0, deleted: 0, rejected: 0 };

export const syncRun = z.object({
  id,
  sourceId: id,
  status: syncRunStatus,
  held: z.boolean(),
  trigger: syncTrigger,
  why: z.string(),
  /** 0–1, or null while the total is unknown. */
  progress: z.number().nullable(),
  rowsRead: z.number().int(),
  queuedAt: time,
  startedAt: time.nullable(),
  completedAt: time.nullable(),
  durationMs: z.number().nullable(),
  waitingUntil: time.nullable(),
  records,
  streams: z.array(
    z.object({
      name: z.string(),
      status: syncRunStatus,
      records,
      fromRevision: z.number().int(),
      toRevision: z.number().int(),
    }),
  ),
  error: fault.nullable(),
  cascadeId: id.nullable(),
});
export type SyncRun = z.infer<typeof syncRun>;

export const reject = z.object({
  stream: z.string(),
  row: z.number().int(),
  reason: z.string(),
  raw: z.string(),
});

export const sourceTable = z.object({
  stream: z.string(),
  table: z.string(),
  revision: z.number().int(),
  rowCount: z.number().int(),
  bytes: z.number().int(),
  columns: z.array(column),
});
export type SourceTable = z.infer<typeof sourceTable>;
