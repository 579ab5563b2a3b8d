/** Meta Ads: campaigns, ad sets, ads and creatives of an ad account, and their insights by day and hour. */
import { FreshetError } from '@freshet/contracts';
import { z } from 'zod';
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import type { Account } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { attributionDays, config, nodeOf, numberOf, type Config } from './config';
import { explain } from './explain';
import { insightsDaily, insightsHourly } from './insights';
import { ask, changedMeanwhile, readPages, type MetaRecord } from './meta-api';
import { adSets, ads, campaigns, creatives } from './structure';
import { metaAdsTemplates } from './templates';

const adAccountFields = ['account_id', 'name', 'currency', 'timezone_name'];

const accountOf = async (chosen: Config, context: ConnectorContext): Promise<Account> => {
  const node = nodeOf(chosen);
  const {
    account_id: id,
    name,
    currency,
    timezone_name: timeZone,
  } = await ask(context, node, ({ get }) => get([node], { fields: adAccountFields.join(',') }));
  if (id !== numberOf(chosen.adAccount)) throw changedMeanwhile('answered with another ad account');
  return { name: String(name), timeZone: String(timeZone), currency: String(currency) };
};

const adAccounts = async (context: ConnectorContext): Promise<MetaRecord[]> => {
  const found: MetaRecord[] = [];
  const pages = readPages({
    context,
    account: null,
    limit: 100,
    halves: true,
    path: ['me', 'adaccounts'],
    fields: adAccountFields,
    parameters: {},
    identity: ({ id }) => String(id),
  });
  for await (const records of pages) found.push(...records);
  return found;
};

export const metaAdsConnector = defineApiConnector<Config, null>({
  type: 'meta-ads',
  name: 'Meta Ads',
  description: 'Campaigns, ads and insights of an ad account on Facebook and Instagram.',
  auth: 'oauth2',
  oauth: { provider: 'meta', scopes: ['ads_read'] },
  config,
  credentials: z.null(),
  docsUrl: 'https://developers.facebook.com/docs/marketing-api/insights',
  provisionalDays: attributionDays,
  streams: [insightsDaily, insightsHourly, campaigns, adSets, ads, creatives],
  templates: metaAdsTemplates,
  explain,
  pace: ({ adAccount = 'me' }) => ({ key: numberOf(adAccount), perSecond: 10, atOnce: 5 }),
  account: (chosen, _credentials, context) => accountOf(chosen, context),
  choices: async (_config, _credentials, context) =>
    (await adAccounts(context)).map(({ id, name, currency, timezone_name: timeZone }) => ({
      field: 'adAccount',
      value: String(id),
      label: String(name),
      detail: `${String(id)} · ${String(currency)} · ${String(timeZone)}`,
    })),
  check: (chosen, _credentials, context) =>
    checkSteps(context, async (step) => {
      await step(
        'Reach Meta',
        async () => {
          const found = await adAccounts(context);
          if (found.length > 0) return found;
          throw new FreshetError('source_unauthorized', 'The connected person sees no ad account.', {
            action: 'Reconnect with a person who has a role in an ad account.',
          });
        },
        (found) =>
          `The connected person sees ${found.length === 1 ? 'one ad account' : `${found.length} ad accounts`}.`,
      );
      await step(
        'Open the ad account',
        () => accountOf(chosen, context),
        ({ name, timeZone, currency }) =>
          `${name} may be read; its days are those of ${timeZone}, its money is ${currency ?? 'unknown'}.`,
      );
      const node = nodeOf(chosen);
      await step(
        'Read insights',
        async () => {
          const pages = readPages({
            context,
            account: node,
            limit: 1,
            halves: true,
            path: [node, 'insights'],
            fields: ['impressions', 'spend'],
            parameters: { date_preset: 'last_7d' },
            identity: (record) => JSON.stringify(record),
          });
          for await (const [first] of pages) return first;
          return undefined;
        },
        (first) =>
          first
            ? `Insights may be read; there were ${Number(first['impressions']).toLocaleString('en')} impressions in the last seven days.`
            : 'Insights may be read; nothing was shown in the last seven days.',
      );
    }),
});
