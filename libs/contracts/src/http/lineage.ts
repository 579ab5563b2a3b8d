/** Where numbers come from: the graph of a project, the proof of a number, and why a model or chart is as it is. */
import { z } from 'zod';
import { freshness } from '../states';
import { asOf, id, time } from './values';

export const lineageNode = z.object({
  /** Kind and id, as in `model:12`; edges name these. */
  key: z.string(),
  kind: z.enum(['source', 'table', 'model', 'dashboard']),
  id,
  name: z.string(),
  /** Of a source or model, in its own vocabulary; null for tables and dashboards. */
  status: z.string().nullable(),
  freshness: freshness.nullable(),
  owed: z.boolean(),
  why: z.string().nullable(),
});
export const lineage = z.object({
  nodes: z.array(lineageNode),
  /** What is at `from` is read at `to`. */
  edges: z.array(z.object({ from: z.string(), to: z.string() })),
});
export type Lineage = z.infer<typeof lineage>;

export const proofQuery = z
  .object({ modelId: id.optional(), chartId: id.optional() })
  .refine(
    ({ modelId, chartId }) => (modelId === undefined) !== (chartId === undefined),
    'Name a modelId or a chartId.',
  );

/** What a number contains at one moment. */
export const proofContent = z.object({
  subject: z.object({ kind: z.enum(['model', 'chart']), id, name: z.string() }),
  projectId: id,
  at: time,
  /** The versions that were read, and those that these were built from. */
  versions: z.array(
    z.object({
      modelId: id,
      name: z.string(),
      version: z.number().int(),
      refreshId: id,
      builtAt: time,
      publishedAt: time.nullable(),
      rowCount: z.number().int(),
      contentHash: z.string(),
      guards: z.array(z.object({ guard: z.string(), ok: z.boolean() })),
    }),
  ),
  /** Stream tables at the bottom, and the newest sync run each contains. */
  tables: z.array(
    z.object({
      streamId: id,
      name: z.string(),
      revision: z.number().int(),
      runId: id.nullable(),
      fetchedAt: time.nullable(),
    }),
  ),
  asOf: z.array(asOf),
});
export const proof = proofContent.extend({
  /** To hand on: whoever may sign in to the organization can verify it. */
  link: z.string(),
});
export type Proof = z.infer<typeof proof>;
export const verifiedProof = z.object({
  valid: z.literal(true),
  signedAt: time,
  content: proofContent,
  /** The published versions are still those of the proof. */
  current: z.boolean(),
});

export const whyQuery = proofQuery;
export const whyAnswer = z.object({
  subject: z.object({ kind: z.enum(['model', 'chart']), id, name: z.string() }),
  /** One plain sentence: how it stands and what it waits for. */
  sentence: z.string(),
  /** From the subject up to its tables; the nearest first. */
  models: z.array(
    z.object({
      id,
      name: z.string(),
      depth: z.number().int(),
      version: z.number().int().nullable(),
      publishedAt: time.nullable(),
      owed: z.boolean(),
      why: z.string(),
      lastRefresh: z
        .object({ id, status: z.string(), why: z.string(), completedAt: time.nullable() })
        .nullable(),
    }),
  ),
  tables: z.array(
    z.object({
      name: z.string(),
      /** Revision in the data that is shown, and now. */
      shown: z.number().int().nullable(),
      current: z.number().int(),
      movedBy: z.object({ runId: id, trigger: z.string(), completedAt: time.nullable() }).nullable(),
    }),
  ),
  asOf: z.array(asOf),
});
export type WhyAnswer = z.infer<typeof whyAnswer>;
