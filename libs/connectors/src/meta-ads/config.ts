/** What a source of Meta Ads is set to. */
import { z } from 'zod';
import type { ApiStream } from '../kit/api/api-stream';

export const config = z.object({
  adAccount: z
    .string()
    .regex(/^(act_)?\d{1,30}$/, 'Choose an ad account.')
    .describe(
      'The ad account whose campaigns and insights are read; its days and its currency are those of the tables',
    ),
});

export type Config = z.infer<typeof config>;

export type MetaStream<Body> = ApiStream<Config, null, Body>;

/** As the Graph API calls it: `act_` and the account's number. */
export const nodeOf = ({ adAccount }: Config): string => `act_${numberOf(adAccount)}`;

export const numberOf = (adAccount: string): string => adAccount.replace(/^act_/, '');

/** Days for which Meta attributes conversions to an ad. */
export const attributionDays = 28;
