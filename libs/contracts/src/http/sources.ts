/** Connectors, data sources, their tables and sync runs. */
import { z } from 'zod';
import {
  connectionStatus,
  freshness,
  loadMode,
  newStreams,
  sourceStatus,
  syncRunStatus,
  syncTrigger,
} from '../states';
import { schedule } from './schedule';
import { column, fault, id, slug, time } from './values';

const jsonSchema = z.record(z.string(), z.unknown());

export const connector = z.object({
  type: z.string(),
  name: z.string(),
  description: z.string(),
  auth: z.enum(['none', 'key', 'oauth2']),
  /** For `oauth2`: who is asked for consent, and whether this installation is set up for it. */
  oauth: z
    .object({
      provider: z.enum(['google', 'meta']),
      scopes: z.array(z.string()),
      ready: z.boolean(),
    })
    .nullable(),
  /** Raw answers are kept unless a source says otherwise. */
  archives: z.boolean(),
  /** The vendor can send its news to `/api/hooks/<type>/<source id>`. */
  webhook: z.boolean(),
  /** The vendor is a sandbox of this installation, not the real one: keys and settings to try it with. */
  sandbox: z.object({ credentials: jsonSchema.nullable(), config: jsonSchema }).nullable(),
  configSchema: jsonSchema,
  credentialsSchema: jsonSchema.nullable(),
  docsUrl: z.string().nullable(),
  streams: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      mode: loadMode,
      key: z.array(z.string()),
      lookbackDays: z.number().int(),
      provisionalDays: z.number().int(),
      /** Whether any past days of it can be read again. */
      byDays: z.boolean(),
    }),
  ),
  provisionalDays: z.number().int(),
  templates: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      streams: z.array(z.string()),
    }),
  ),
});
export type ConnectorInfo = z.infer<typeof connector>;

const connectorInput = z.object({
  type: z.string(),
  config: z.record(z.string(), z.unknown()),
  credentials: z.record(z.string(), z.unknown()).optional(),
  /** Credentials that are there already, instead of `credentials`. */
  connectionId: id.optional(),
});

export const checkSource = connectorInput.extend({
  /** A source that is there already: asked with its own credentials and where its config says; of `config` only `streams` counts. */
  sourceId: id.optional(),
});
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
      description: z.string(),
      key: z.array(z.string()),
      cursor: z.string().nullable(),
      /** Where streams are chosen in the config: what choosing this one adds to its `streams`; null elsewhere. */
      config: jsonSchema.nullable(),
      columns: z.array(column),
      sample: z.array(z.array(z.unknown())),
    }),
  ),
  /** Properties, accounts, customers, networks … to choose from; each is a value for a field of the config. */
  choices: z.array(z.object({ field: z.string(), value: z.string(), label: z.string(), detail: z.string() })),
});
export type DiscoverResult = z.infer<typeof discoverResult>;

export const createSource = connectorInput.extend({
  name: z.string().trim().min(1, 'Give it a name.').max(100),
  slug: slug.optional(),
  schedule: schedule.optional(),
  /** Names of the streams to sync; all when absent. */
  streams: z.array(z.string()).min(1, 'Choose at least one stream.').optional(),
  /** Days to read at first. */
  firstWindowDays: z.number().int().min(1).max(3_660).optional(),
  newStreams: newStreams.optional(),
  /** Keep raw answers; by default as the connector does. */
  archives: z.boolean().optional(),
});
export type CreateSource = z.infer<typeof createSource>;

export const updateSource = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  config: z.record(z.string(), z.unknown()).optional(),
  schedule: schedule.optional(),
  credentials: z.record(z.string(), z.unknown()).optional(),
  connectionId: id.optional(),
  newStreams: newStreams.optional(),
  archives: z.boolean().optional(),
  /** Only the streams named are changed; naming one that was noticed decides about it. */
  streams: z
    .array(
      z.object({
        name: z.string(),
        enabled: z.boolean().optional(),
        lookbackDays: z.number().int().min(0).max(365).optional(),
      }),
    )
    .optional(),
});
export type UpdateSource = z.infer<typeof updateSource>;

export const stream = z.object({
  name: z.string(),
  enabled: z.boolean(),
  mode: loadMode,
  key: z.array(z.string()),
  cursor: z.string().nullable(),
  lookbackDays: z.number().int(),
  description: z.string(),
  /** Days after which a value no longer changes. */
  provisionalDays: z.number().int(),
  /** IANA name of the zone in which its days are cut; null where days have none. */
  timeZone: z.string().nullable(),
  /** New upstream, and nobody has decided about it yet. */
  noticed: z.boolean(),
  /** Its readers wait until somebody lets the last run through. */
  held: z.boolean(),
  /** What people should know about its rows, e.g. that the vendor sampled them. */
  warnings: z.array(z.string()),
});

export const account = z.object({
  name: z.string(),
  timeZone: z.string(),
  currency: z.string().nullable(),
});
export type Account = z.infer<typeof account>;

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
  /** The latest run that waits for somebody to let it through. */
  heldRunId: id.nullable(),
  connection: z
    .object({ id, name: z.string(), account: z.string().nullable(), status: connectionStatus })
    .nullable(),
  /** As of the last run. */
  account: account.nullable(),
  newStreams,
  archives: z.boolean(),
  firstWindowDays: z.number().int().nullable(),
  streams: z.array(stream),
  createdAt: time,
  /** For If-Match. */
  revision: z.number().int(),
});
export type Source = z.infer<typeof source>;

export const startSync = z.object({
  streams: z.array(z.string()).optional(),
  /** Days of the account to read again, both included; streams without days are left out. */
  window: z
    .object({ from: z.iso.date(), to: z.iso.date() })
    .refine(({ from, to }) => from <= to, { path: ['to'], error: 'The last day is before the first one.' })
    .optional(),
  /** Forget what was read and begin anew. */
  full: z.boolean().optional(),
  /** Normalise the archived answers again, without asking the vendor. */
  replay: z.boolean().optional(),
});
/** What a run does: as asked for, or (`hooks`) load what the vendor sent by itself. */
export const syncRequest = startSync.extend({ hooks: z.boolean().optional() });
export type SyncRequestBody = z.infer<typeof syncRequest>;
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
      /** Rows the source sent. */
      received: z.number().int(),
      slices: z.number().int(),
      /** Why its readers wait, with figures; null unless the run is or was held for it. */
      heldWhy: z.string().nullable(),
      warnings: z.array(z.string()),
    }),
  ),
  /** What was asked for beyond what is new. */
  request: syncRequest,
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
