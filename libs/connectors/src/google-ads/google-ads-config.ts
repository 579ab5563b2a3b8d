/** Which Google Ads account is read, and through which manager account it is reached. */
import { z } from 'zod';

const tenDigits = '\\d{3}-?\\d{3}-?\\d{4}';

export const googleAdsConfig = z.object({
  customer: z
    .string()
    .trim()
    .regex(
      new RegExp(`^(${tenDigits}/)?${tenDigits}$`),
      'Choose an account, or write its ten digits; those of the manager account come first: 123-456-7890/234-567-8901.',
    )
    .describe(
      'The account to read. All accounts below a manager account are read with it. Where a manager account gives access, its ID comes first: manager/account.',
    ),
  lookbackDays: z
    .int()
    .min(1)
    .max(90)
    .default(30)
    .describe('Days read again with each sync, as Google Ads restates conversions; at most 90.'),
});

export type GoogleAdsConfig = z.infer<typeof googleAdsConfig>;

/** Ten digits each. */
export interface Route {
  /** Whose access is used: the manager, or the account itself. */
  login: string;
  customer: string;
}

/** `123-456-7890/2345678901` → both as digits. */
export const routeOf = ({ customer }: Pick<GoogleAdsConfig, 'customer'>): Route => {
  const ids = customer.replaceAll('-', '').trim().split('/');
  return { login: ids[0] ?? '', customer: ids.at(-1) ?? '' };
};

/** As people know it from the top of Google Ads: `234-567-8901`. */
export const shownId = (id: string): string => id.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3');
