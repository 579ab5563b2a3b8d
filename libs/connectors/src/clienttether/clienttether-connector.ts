/** ClientTether CRM (spec K9): leads, opportunities, notes and scheduled activities of one account. */
import { createHash } from 'node:crypto';
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import { ClientTetherApi, explainClientTether } from './clienttether-api';
import { clientTetherConfig, clientTetherCredentials, currency } from './clienttether-config';
import { clientTetherStreams } from './clienttether-streams';
import { clientTetherTemplates } from './templates';

/** Tells accounts apart without showing their keys. */
const accountOf = (webKey: string): string => createHash('sha256').update(webKey).digest('hex').slice(0, 16);

export const clientTetherConnector = defineApiConnector({
  type: 'clienttether',
  name: 'ClientTether',
  description: 'Leads, opportunities, notes and appointments from the ClientTether CRM.',
  auth: 'key',
  archives: true,
  config: clientTetherConfig,
  credentials: clientTetherCredentials,
  docsUrl: 'https://www.clienttether.com',
  provisionalDays: 0,
  explain: explainClientTether,
  // No limit is documented; notes alone take a request a lead.
  pace: (_config, { webKey }) => ({ key: accountOf(webKey), perSecond: 5 }),
  streams: clientTetherStreams,
  templates: clientTetherTemplates,
  check: (_config, credentials, context) =>
    checkSteps(context, async (step) => {
      const api = new ClientTetherApi(credentials, context);
      const first = { limit: '1', offset: '0' };
      await step(
        'Read leads',
        () => api.list('read_client_list', first, 'client_id'),
        (items) =>
          items.length === 0 ? 'The account can be read; it has no leads yet.' : 'Leads can be read.',
      );
      await step(
        'Read opportunities',
        () => api.list('read_opportunity_list', first, 'opportunity_id'),
        () => 'Opportunities can be read.',
      );
    }),
  account: ({ timeZone }, { webKey }) =>
    Promise.resolve({ name: `ClientTether account ${accountOf(webKey).slice(0, 6)}`, timeZone, currency }),
});
