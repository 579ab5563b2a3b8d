/** Cascades, and what one would bring about. */
import { z } from 'zod';
import { cascadeItemState } from '../states';
import { id, time } from './values';

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
