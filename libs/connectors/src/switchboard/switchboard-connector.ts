/** Switchboard (spec K8): text-message broadcasts, their messages, replies and opt-outs. */
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import { explainSwitchboard, SwitchboardApi } from './switchboard-api';
import { currency, switchboardConfig, switchboardCredentials } from './switchboard-config';
import { switchboardStreams } from './switchboard-streams';
import { switchboardTemplates } from './templates';

export const switchboardConnector = defineApiConnector({
  type: 'switchboard',
  name: 'Switchboard',
  description: 'Text-message broadcasts from Switchboard: what was sent, answered, given and refused.',
  auth: 'key',
  config: switchboardConfig,
  credentials: switchboardCredentials,
  docsUrl: 'https://api.oneswitchboard.com/v1/docs',
  provisionalDays: 30,
  explain: explainSwitchboard,
  pace: (_config, { accountId }) => ({ key: accountId, perMinute: 300 }),
  streams: switchboardStreams,
  templates: switchboardTemplates,
  check: (_config, credentials, context) =>
    checkSteps(context, async (step) => {
      const api = new SwitchboardApi(credentials, context);
      await step(
        'Reach Switchboard',
        () => api.whoami(),
        (name) => `Switchboard answers and accepts the credentials of ${name}.`,
      );
      await step(
        'Read broadcasts',
        async () => (await api.pages('/v1/broadcasts', 'title').next()).value?.items.length ?? 0,
        (count) =>
          count === 0 ? 'There are no broadcasts yet.' : `The latest ${count} broadcasts can be read.`,
      );
    }),
  account: async ({ timeZone }, credentials, context) => ({
    name: await new SwitchboardApi(credentials, context).whoami(),
    timeZone,
    currency,
  }),
});
