/** The catalogue of jobs: which queue carries each, and the shape of its data. Imperative names; data holds ids only. */
import { z } from 'zod';

const id = z.string();

export const queues = { sync: 'sync', cascade: 'cascade' } as const;
export type QueueName = keyof typeof queues;

const job = <Q extends QueueName, S extends z.ZodType>(queue: Q, data: S) => ({ queue, data });

export const jobs = {
  /** Carries out one queued sync run. */
  'sync.run': job(
    'sync',
    z.object({ runId: id, sourceId: id, organizationId: id, correlationId: z.string() }),
  ),
  /** Refreshes one model if it is still owed when a worker takes the job. */
  'refresh.model': job(
    'cascade',
    z.object({ modelId: id, projectId: id, organizationId: id, correlationId: z.string() }),
  ),
} as const;

export type Jobs = typeof jobs;
export type JobName = keyof Jobs;
export type JobData<N extends JobName> = z.infer<Jobs[N]['data']>;

/** Priority classes of the cascade queue; a lower number goes first. */
export const priorityClass = { user: 1, schedule: 2, cascade: 3 } as const;
export type PriorityClass = (typeof priorityClass)[keyof typeof priorityClass];

/** BullMQ priority of a refresh: its class first, then its rank within its organization, so that none crowds out another. */
export const refreshPriority = (of: PriorityClass, rankInOrganization: number): number =>
  of * 1_000 + Math.min(Math.max(rankInOrganization, 0), 999);

/** The debounce of CA3: one job per model, and what arrives while it is active leads to exactly one more. */
export const refreshDeduplicationId = (modelId: string): string => `model-${modelId}`;
/** Two wake-ups for one run are one job; runs of one source are told apart by the database, not by the queue. */
export const syncDeduplicationId = (runId: string): string => `run-${runId}`;
