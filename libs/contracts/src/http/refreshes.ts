/** Refreshes: asked for, under way and done. */
import { z } from 'zod';
import { refreshKind, refreshStatus, refreshTrigger } from '../states';
import { guardReport } from './guards';
import { fault, id, time } from './values';
import { versionDiff } from './versions';

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

/** Of an organization, or of one model. */
export const refreshState = z.object({
  /** `degraded`: nobody works on refreshes. */
  status: z.enum(['idle', 'running', 'degraded']),
  running: z.number().int(),
  queued: z.number().int(),
  /** Models whose last refresh failed. */
  failed: z.number().int(),
  /** Models that do not contain all that their inputs have. */
  owed: z.number().int(),
  workers: z.number().int(),
});
export type RefreshState = z.infer<typeof refreshState>;
