/** Versions of a model: which there are, which is chosen, and how two differ. */
import { z } from 'zod';
import { versionState } from '../states';
import { guardReport } from './guards';
import { cell, column, id, time } from './values';

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
