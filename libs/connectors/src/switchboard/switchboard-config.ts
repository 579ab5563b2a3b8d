/** What a person sets for a Switchboard source. */
import { IANAZone } from 'luxon';
import { z } from 'zod';

/** Switchboard bills and raises in dollars. */
export const currency = 'USD';

export const switchboardConfig = z.object({
  timeZone: z
    .string()
    .refine((name) => IANAZone.isValidZone(name), {
      error: 'Use the name of a time zone, such as America/New_York.',
    })
    .default('America/New_York')
    .describe('Time zone by which days are counted'),
});
export type SwitchboardConfig = z.infer<typeof switchboardConfig>;

export const switchboardCredentials = z.object({
  accountId: z.string().trim().min(1).describe('Account ID, from the API tab of the organization’s settings'),
  secretKey: z.string().trim().min(1).describe('Secret key, from the same place'),
});
export type SwitchboardCredentials = z.infer<typeof switchboardCredentials>;
