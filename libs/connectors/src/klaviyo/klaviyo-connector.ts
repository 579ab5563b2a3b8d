/** Klaviyo: campaigns and what came of them, flows, people, and what people did. */
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import type { Account } from '../kit/connector';
import { campaigns, profiles, templates } from './changing-lists';
import { attributionDays, config, credentials, type Config } from './config';
import { events } from './events';
import { explain } from './explain';
import { ask, endpoints, pagesOf, type Asking, type Credentials } from './klaviyo-api';
import { campaignValues, metricAggregates } from './reports';
import { klaviyoTemplates } from './templates';
import { flows, forms, lists, metrics, readMetrics } from './whole-lists';

interface AccountAttributes {
  timezone?: string;
  preferred_currency?: string;
  contact_information?: { organization_name?: string };
}

const accountOf = async (asking: Asking): Promise<Account> => {
  const { data } = await ask(
    asking,
    endpoints.accounts,
    (library) => library.AccountsApi,
    (api) => api.getAccounts(),
  );
  const {
    timezone,
    preferred_currency: currency,
    contact_information: contact,
  } = (data[0]?.attributes ?? {}) as AccountAttributes;
  return {
    name: contact?.organization_name ?? 'Klaviyo',
    timeZone: timezone ?? 'UTC',
    currency: currency ?? null,
  };
};

/** One small request for each scope that a key may lack. */
const tryScopes = async (asking: Asking): Promise<string[]> => {
  await ask(
    asking,
    endpoints.campaigns,
    (library) => library.CampaignsApi,
    (api) => api.getCampaigns("equals(messages.channel,'email')", { pageSize: 1 }),
  );
  await ask(
    asking,
    endpoints.events,
    (library) => library.EventsApi,
    (api) => api.getEvents({ pageSize: 1 }),
  );
  await ask(
    asking,
    endpoints.profiles,
    (library) => library.ProfilesApi,
    (api) => api.getProfiles({ pageSize: 1 }),
  );
  await ask(
    asking,
    endpoints.lists,
    (library) => library.ListsApi,
    (api) => api.getLists({ pageSize: 1 }),
  );
  const { data } = await readMetrics(asking, undefined);
  return data.map(({ attributes }) => String(attributes['name']));
};

export const klaviyoConnector = defineApiConnector<Config, Credentials>({
  type: 'klaviyo',
  name: 'Klaviyo',
  description: 'Campaigns, flows, profiles and events of a Klaviyo account.',
  auth: 'key',
  archives: true,
  config,
  credentials,
  docsUrl: 'https://developers.klaviyo.com/en/reference/api_overview',
  provisionalDays: attributionDays,
  streams: [
    events,
    campaigns,
    campaignValues,
    metricAggregates,
    profiles,
    flows,
    lists,
    metrics,
    forms,
    templates,
  ],
  templates: klaviyoTemplates,
  explain,
  account: (_config, secrets, context) => accountOf({ credentials: secrets, context }),
  check: (_config, secrets, context) =>
    checkSteps(context, async (step) => {
      const asking = { credentials: secrets, context };
      await step(
        'Credentials',
        () => accountOf(asking),
        ({ name, timeZone }) => `The key opens ${name}; its days are those of ${timeZone}.`,
      );
      await step(
        'Access to data',
        () => tryScopes(asking),
        (names) => `Campaigns, events, profiles, lists and ${names.length} metrics may be read.`,
      );
    }),
  choices: async (_config, secrets, context) => {
    const found = [];
    for await (const { document } of pagesOf((cursor) =>
      readMetrics({ credentials: secrets, context }, cursor),
    )) {
      for (const { id, attributes } of document.data) {
        const { name } = (attributes['integration'] ?? {}) as { name?: unknown };
        found.push({
          field: 'conversionMetric',
          value: id,
          label: String(attributes['name']),
          detail: typeof name === 'string' ? name : '',
        });
      }
    }
    return found;
  },
});
