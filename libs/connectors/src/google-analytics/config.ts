/** What a Google Analytics source is set to. */
import { z } from 'zod';

export const config = z.object({
  propertyId: z
    .string()
    .regex(/^\d{1,20}$/, 'Choose a property; its ID is a number, not “G-…” or “UA-…”.')
    .describe('The Google Analytics 4 property'),
  lookbackDays: z
    .int()
    .min(0)
    .max(60)
    .default(3)
    .describe('Days read again at each sync, since Google corrects them'),
});

export type GoogleAnalyticsConfig = z.infer<typeof config>;
