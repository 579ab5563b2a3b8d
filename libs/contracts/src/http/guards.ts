/** Guards of a model, and what they found. */
import { z } from 'zod';
import { cell } from './values';

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
