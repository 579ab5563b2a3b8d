/** What a source of Klaviyo is set to. */
import { z } from 'zod';
import type { ApiStream } from '../kit/api/api-stream';
import type { Credentials } from './klaviyo-api';

export const config = z.object({
  conversionMetric: z
    .string()
    .max(100)
    .optional()
    .describe('The metric whose events count as conversions of a campaign; “Placed Order” when left empty'),
});

export const credentials = z.object({
  apiKey: z
    .string()
    .trim()
    .min(1, 'Enter a private API key.')
    .max(200)
    .describe('A private key with read access, from Settings → API keys'),
});

export type Config = z.infer<typeof config>;

export type KlaviyoStream<Body> = ApiStream<Config, Credentials, Body>;

/** Days for which Klaviyo attributes conversions to a message, unless the account is set otherwise. */
export const attributionDays = 5;
