/** Google Ads (spec K2), by Google's REST API v25 through the `google-ads-api` library. */
import { FreshetError } from '@freshet/contracts';
import { z } from 'zod';
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import type { CheckResult } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { listAccessible } from './ads-client';
import { adsStreams, conversionDays } from './ads-streams';
import { accountOf, choicesOf, clientsOf } from './clients';
import { explainAds } from './explain-ads';
import { googleAdsTemplates } from './templates';
import { googleAdsConfig, routeOf, shownId, type GoogleAdsConfig } from './google-ads-config';

/** Half of what Google lets an account be asked in a second, so that others may ask, too. */
const pace = { perSecond: 5, atOnce: 4 };

const needDeveloperToken = ({ settings }: ConnectorContext): Promise<void> =>
  settings.developerToken !== ''
    ? Promise.resolve()
    : Promise.reject(
        new FreshetError('source_unauthorized', 'This installation has no developer token for Google Ads.', {
          action: 'Ask whoever runs this Freshet to set FRESHET_GOOGLE_ADS_DEVELOPER_TOKEN.',
        }),
      );

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const check = (config: GoogleAdsConfig, context: ConnectorContext): Promise<CheckResult> =>
  checkSteps(context, async (step) => {
    const route = routeOf(config);
    await step(
      'Developer token',
      () => needDeveloperToken(context),
      () => 'This installation has one.',
    );
    await step(
      'Sign-in',
      () => listAccessible(context),
      ({ length }) => `The Google account was given access to ${counted(length, 'account', 'accounts')}.`,
    );
    await step(
      `Open account ${shownId(route.customer)}`,
      () => accountOf(context, route),
      ({ name, timeZone, currency }) =>
        `${name} may be read; its days are those of ${timeZone}${currency ? `, its money is in ${currency}` : ''}.`,
    );
    await step(
      'Accounts to read',
      async () => {
        const clients = await clientsOf(context, route);
        const enabled = clients.filter(({ isEnabled }) => isEnabled);
        if (enabled.length > 0) return { enabled: enabled.length, closed: clients.length - enabled.length };
        throw new FreshetError('source_not_found', 'There is no open account below this manager account.', {
          action: 'Choose another account in the source’s settings.',
        });
      },
      ({ enabled, closed }) =>
        `${counted(enabled, 'account is', 'accounts are')} read${closed > 0 ? `; ${counted(closed, 'closed one is', 'closed ones are')} left out` : ''}.`,
    );
  });

export const googleAdsConnector = defineApiConnector<GoogleAdsConfig, null>({
  type: 'google-ads',
  name: 'Google Ads',
  description: 'Spend, clicks and conversions of campaigns, ads, keywords and searches.',
  auth: 'oauth2',
  oauth: { provider: 'google', scopes: ['https://www.googleapis.com/auth/adwords'] },
  config: googleAdsConfig,
  credentials: z.null(),
  docsUrl: 'https://developers.google.com/google-ads/api/docs/start',
  provisionalDays: conversionDays,
  streams: adsStreams,
  templates: googleAdsTemplates,
  tune: (stream, { lookbackDays }) => (stream.slicing ? { ...stream, lookbackDays } : stream),
  explain: explainAds,
  pace: (config) => ({ key: routeOf({ customer: config.customer ?? '' }).login || 'accounts', ...pace }),
  check: (config, _credentials, context) => check(config, context),
  choices: (_config, _credentials, context) => choicesOf(context),
  account: (config, _credentials, context) => accountOf(context, routeOf(config)),
});
