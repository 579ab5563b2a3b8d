/** Google Ad Manager: revenue, geography and inventory of a publisher's network, through report jobs. */
import { FreshetError } from '@freshet/contracts';
import { z } from 'zod';
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import { AdManagerClient } from './ad-manager-client';
import { explain } from './explain';
import { cities, geography, inventory, provisionalDays, revenue } from './streams';
import { googleAdManagerTemplates } from './templates';

const config = z.object({
  networkCode: z
    .string()
    .regex(/^\d{1,20}$/, 'Choose a network; its code is a number.')
    .describe('The Ad Manager network'),
  lookbackDays: z
    .int()
    .min(provisionalDays)
    .max(60)
    .default(7)
    .describe('Days read again at each sync, since Ad Manager restates them'),
});

export type AdManagerConfig = z.infer<typeof config>;

export const googleAdManagerConnector = defineApiConnector<AdManagerConfig, null>({
  type: 'google-ad-manager',
  name: 'Google Ad Manager',
  description: 'Ad revenue, fill and inventory of a publisher’s network, by day.',
  auth: 'oauth2',
  oauth: { provider: 'google', scopes: ['https://www.googleapis.com/auth/admanager'] },
  config,
  credentials: z.null(),
  docsUrl: 'https://developers.google.com/ad-manager/api/beta',
  provisionalDays,
  explain,
  // As the API's predecessor had it; the new one's limits are not published.
  pace: ({ networkCode = 'networks' }) => ({ key: networkCode, perSecond: 2 }),
  streams: [revenue, geography, inventory, cities],
  templates: googleAdManagerTemplates,
  tune: (stream, { lookbackDays }) => ({ ...stream, lookbackDays }),
  account: async ({ networkCode }, _, context) => {
    const { name, timeZone, currency } = await new AdManagerClient(context).getNetwork(networkCode);
    return { name, timeZone, currency };
  },
  choices: async (_config, _credentials, context) =>
    (await new AdManagerClient(context).listNetworks()).map(({ code, name, timeZone, currency }) => ({
      field: 'networkCode',
      value: code,
      label: name,
      detail: `${code} · ${currency} · ${timeZone}`,
    })),
  check: ({ networkCode }, _, context) =>
    checkSteps(context, async (step) => {
      const client = new AdManagerClient(context);
      const networks = await step(
        'Reach Ad Manager',
        async () => {
          const found = await client.listNetworks();
          if (found.length > 0) return found;
          throw new FreshetError(
            'source_unauthorized',
            'The connected Google account sees no Ad Manager network.',
            {
              action: 'Reconnect with an account that is a user of one.',
            },
          );
        },
        (found) => `The account sees ${found.length === 1 ? 'one network' : `${found.length} networks`}.`,
      );
      await step(
        `Open network ${networkCode}`,
        async () => {
          if (networks.some(({ code }) => code === networkCode)) return client.getNetwork(networkCode);
          throw new FreshetError('source_unauthorized', `The account does not see network ${networkCode}.`, {
            action: 'Choose another network, or reconnect with an account that is a user of this one.',
          });
        },
        ({ name, timeZone, currency }) =>
          `${name} may be read; its days are those of ${timeZone}, its money is ${currency}.`,
      );
    }),
});
