/** Building blocks of the REST shapes: ids, times, pages and cells. */
import { z } from 'zod';
import { defaults } from '../defaults';

export const id = z.string().describe('An id, as a string');
export const time = z.string().describe('ISO 8601 in UTC, with Z');
export const slug = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,59}$/,
    'Use small letters, digits and underscores, beginning with a letter (at most 60).',
  );

/** A query as it was written: not trimmed, since problems tell positions in it. */
export const sqlText = z
  .string()
  .max(defaults.queryLength, 'The query is too long.')
  .refine((text) => text.trim() !== '', 'Write a query.');

/** A model's name is also its name in SQL. */
export const sqlName = slug;

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().optional(),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** int8 and numeric travel as strings (exact), smaller numbers and floats as numbers, dates as YYYY-MM-DD, json as JSON. */
export const cell = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()),
]);
export type Cell = z.infer<typeof cell>;

export const column = z.object({ name: z.string(), type: z.string() });
export type Column = z.infer<typeof column>;

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  action: z.string().optional(),
  position: z.number().int().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

export const resultColumn = column;

/** Which completed sync runs of a source a number contains: from the oldest stream's run to the newest's. */
export const asOf = z.object({
  sourceId: id,
  fromRunId: id.nullable(),
  toRunId: id.nullable(),
  completedAt: time.nullable(),
  openRunId: id.optional(),
});
export type AsOf = z.infer<typeof asOf>;

export const fault = z.object({ code: z.string(), message: z.string(), action: z.string().nullable() });
export type Fault = z.infer<typeof fault>;
