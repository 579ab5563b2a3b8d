/** When something runs by itself (spec SC1). */
import { z } from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Give a time of day as HH:MM.');
const timeZone = z.string().refine((zone) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}, 'Give an IANA time zone, such as Europe/Berlin.');

export const schedule = z.object({
  kind: z.enum(['manual', 'interval', 'hourly', 'daily', 'weekly', 'monthly', 'cron']),
  /** For `interval`: minutes between two runs. */
  every: z
    .number()
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .optional(),
  at: timeOfDay.optional(),
  /** 1 = Monday … 7 = Sunday. */
  weekday: z.number().int().min(1).max(7).optional(),
  day: z.number().int().min(1).max(31).optional(),
  cron: z.string().max(100).optional(),
  timeZone: timeZone.default('UTC'),
  paused: z.boolean().default(false),
});
export type Schedule = z.infer<typeof schedule>;

export const manualSchedule: Schedule = { kind: 'manual', timeZone: 'UTC', paused: false };
