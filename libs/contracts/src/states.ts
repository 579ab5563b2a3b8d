/** The one vocabulary of states, the same in the database, the API and the client. */
import { z } from 'zod';

export const syncRunStatus = z.enum([
  'queued',
  'running',
  'waiting',
  'completed',
  'failed',
  'cancelled',
  'skipped',
]);
export type SyncRunStatus = z.infer<typeof syncRunStatus>;

export const syncTrigger = z.enum(['user', 'schedule', 'webhook', 'api', 'smart']);
export type SyncTrigger = z.infer<typeof syncTrigger>;

export const sourceStatus = z.enum(['idle', 'running', 'waiting', 'failed', 'needs_reconnect', 'paused']);
export type SourceStatus = z.infer<typeof sourceStatus>;

export const refreshStatus = z.enum(['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED']);
export type RefreshStatus = z.infer<typeof refreshStatus>;

export const refreshTrigger = z.enum(['user', 'schedule', 'cascade', 'api']);
export type RefreshTrigger = z.infer<typeof refreshTrigger>;

/** `live` builds what is owed; the others are asked for once and publish nothing: a shadow keeps its result, a dry run does not. */
export const refreshKind = z.enum(['live', 'shadow', 'dry']);
export type RefreshKind = z.infer<typeof refreshKind>;

/** `candidate`: built, and waits for the other members of its set; `shadow`: built beside the published one, and kept from readers. */
export const versionState = z.enum(['live', 'retired', 'shadow', 'candidate']);
export type VersionState = z.infer<typeof versionState>;

/** Whether a project's models are published each when ready, or all of a cascade at once (spec CA13). */
export const publishMode = z.enum(['each', 'together']);
export type PublishMode = z.infer<typeof publishMode>;

export const modelStatus = z.enum(['IDLE', 'QUEUED', 'REFRESHING', 'COMPLETED', 'FAILED']);
export type ModelStatus = z.infer<typeof modelStatus>;

export const freshness = z.enum(['fresh', 'late', 'stale', 'never']);
export type Freshness = z.infer<typeof freshness>;

/** Credentials that work, or whose owner has to consent or type them again. */
export const connectionStatus = z.enum(['active', 'needs_reconnect']);
export type ConnectionStatus = z.infer<typeof connectionStatus>;

/** What happens with a stream that the connector has and the source did not have yet (spec SY12). */
export const newStreams = z.enum(['add', 'ask', 'ignore']);
export type NewStreams = z.infer<typeof newStreams>;

/** How a stream's rows meet the rows already there (spec SY3). */
export const loadMode = z.enum(['append', 'upsert', 'replace-window', 'replace-all']);
export type LoadMode = z.infer<typeof loadMode>;

/** What happened to each cascade item: waits, runs, is built and waits for its set, ended with or without a new version, or was passed over. */
export const cascadeItemState = z.enum([
  'waiting',
  'running',
  'built',
  'published',
  'unchanged',
  'skipped',
  'failed',
]);
export type CascadeItemState = z.infer<typeof cascadeItemState>;
