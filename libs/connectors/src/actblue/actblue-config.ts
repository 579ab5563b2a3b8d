/** What a person sets for an ActBlue source, and the zone in which ActBlue counts days. */
import { z } from 'zod';

export const eastern = 'America/New_York';
export const currency = 'USD';

export const actBlueConfig = z.object({});
export type ActBlueConfig = z.infer<typeof actBlueConfig>;

export const actBlueCredentials = z.object({
  clientUuid: z.string().trim().min(1).describe('Client UUID of the CSV API credentials'),
  clientSecret: z.string().trim().min(1).describe('Client secret of the CSV API credentials'),
  webhookUser: z
    .string()
    .min(1)
    .optional()
    .describe('User name that ActBlue sends with its webhooks; choose one and give it to ActBlue'),
  webhookPassword: z
    .string()
    .min(12)
    .optional()
    .describe('Password that ActBlue sends with its webhooks, of at least 12 characters'),
});
export type ActBlueCredentials = z.infer<typeof actBlueCredentials>;
