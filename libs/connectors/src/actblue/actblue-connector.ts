/** ActBlue (spec K7): contributions, refunds and recurring gifts, by reports and by webhooks. */
import { FreshetError } from '@freshet/contracts';
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import {
  actBlueConfig,
  actBlueCredentials,
  currency,
  eastern,
  type ActBlueCredentials,
} from './actblue-config';
import { actBlueStreams } from './actblue-streams';
import { explainActBlue, probe } from './csv-api';
import { receiveNotice } from './receive';
import { actBlueTemplates } from './templates';

const webhookMessage = ({ webhookUser, webhookPassword }: ActBlueCredentials): string => {
  if (webhookUser === undefined && webhookPassword === undefined)
    return 'Not set up: new contributions come with the next report, not at once.';
  if (webhookUser !== undefined && webhookPassword !== undefined)
    return 'A user name and a password are set; give both to ActBlue with the address of the webhook.';
  throw new FreshetError('invalid_input', 'Only one of the webhook user name and password is set.', {
    action: 'Set both, or neither.',
  });
};

export const actBlueConnector = defineApiConnector({
  type: 'actblue',
  name: 'ActBlue',
  description: 'Contributions, refunds and recurring gifts from ActBlue, as they happen.',
  auth: 'key',
  archives: true,
  config: actBlueConfig,
  credentials: actBlueCredentials,
  docsUrl: 'https://secure.actblue.com/docs/csv_api',
  provisionalDays: 0,
  explain: explainActBlue,
  streams: actBlueStreams,
  templates: actBlueTemplates,
  check: (_config, credentials, context) =>
    checkSteps(context, async (step) => {
      await step(
        'Reach ActBlue',
        () => probe(credentials, context),
        () => 'ActBlue answers and accepts the credentials.',
      );
      await step(
        'Webhooks',
        async () => webhookMessage(credentials),
        (message) => message,
      );
    }),
  account: (_config, { clientUuid }) =>
    Promise.resolve({ name: `ActBlue client ${clientUuid.slice(0, 8)}`, timeZone: eastern, currency }),
  receive: receiveNotice,
});
