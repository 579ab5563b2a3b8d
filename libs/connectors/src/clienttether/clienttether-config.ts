/** What a person sets for a ClientTether source. */
import { IANAZone } from 'luxon';
import { z } from 'zod';

export const currency = 'USD';

export const clientTetherConfig = z.object({
  timeZone: z
    .string()
    .refine((name) => IANAZone.isValidZone(name), {
      error: 'Use the name of a time zone, such as America/Chicago.',
    })
    .default('America/New_York')
    .describe('Time zone of the ClientTether account, whose times come without one'),
  qualifiedStages: z
    .array(z.string().trim().min(1))
    .default(['Qualified', 'Discovery Day', 'Application', 'Awarded'])
    .describe('Stages of the sales cycle in which a lead counts as qualified'),
});
export type ClientTetherConfig = z.infer<typeof clientTetherConfig>;

export const clientTetherCredentials = z.object({
  accessToken: z.string().trim().min(1).describe('Enterprise access token (X-Access-Token)'),
  webKey: z.string().trim().min(1).describe('Web key of the account (X-Web-Key)'),
});
export type ClientTetherCredentials = z.infer<typeof clientTetherCredentials>;
