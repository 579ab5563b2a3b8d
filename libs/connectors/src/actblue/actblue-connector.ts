/** ActBlue (spec K7): contributions, refunds and recurring gifts, by reports and by webhooks. */
import { toFreshetError } from '@freshet/contracts';
import { defineApiConnector } from '../kit/api/define-api-connector';
import type { CheckStep } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
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

const credentialsStep = async (
  credentials: ActBlueCredentials,
  context: ConnectorContext,
): Promise<CheckStep> => {
  const name = 'Reports';
  try {
    await probe(credentials, context);
    return { name, ok: true, message: 'ActBlue answers and accepts the credentials.' };
  } catch (error) {
    const { message, details } = toFreshetError(error);
    return { name, ok: false, message: `${message} ${details.action ?? 'Try again later.'}` };
  }
};

const webhookStep = ({ webhookUser, webhookPassword }: ActBlueCredentials): CheckStep => {
  const name = 'Webhooks';
  if (webhookUser === undefined && webhookPassword === undefined)
    return {
      name,
      ok: true,
      message: 'Not set up: new contributions come with the next report, not at once.',
    };
  if (webhookUser !== undefined && webhookPassword !== undefined)
    return {
      name,
      ok: true,
      message: 'A user name and a password are set; give both to ActBlue with the address.',
    };
  return {
    name,
    ok: false,
    message: 'Only one of the webhook user name and password is set. Set both, or neither.',
  };
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
  check: async (_config, credentials, context) => {
    const checks = [await credentialsStep(credentials, context), webhookStep(credentials)];
    return { ok: checks.every(({ ok }) => ok), checks };
  },
  account: (_config, { clientUuid }) =>
    Promise.resolve({ name: `ActBlue client ${clientUuid.slice(0, 8)}`, timeZone: eastern, currency }),
  receive: receiveNotice,
});
