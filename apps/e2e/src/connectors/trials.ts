/** Each connector with its vendor's stand-in, sized so that ninety days are many requests and few minutes. */
import {
  googleScopes,
  sandboxCustomers,
  sandboxProperties,
  startActBlue,
  startGoogleAdManager,
  startGoogleAds,
  startGoogleAnalytics,
  startKlaviyo,
  startSwitchboard,
  type ActBlueStream,
  type AdManagerStream,
  type GoogleAdsStream,
  type KlaviyoStream,
  type SwitchboardStream,
} from '@freshet/testing';
import { bigQuery, clientTether, metaAds, postgresql } from './table-trials';
import type { Days, StartTrial, Trial } from './trial';

type Truth = Trial['truth'];

const truthOf = <Name extends string>(
  names: readonly Name[],
  rows: (name: Name, days: Days) => readonly object[],
): Truth => Object.fromEntries(names.map((name) => [name, (days: Days) => rows(name, days)]));

/** Nobody's quota is tried here: those have tests of their own. */
const plenty = 10_000_000;

const googleAnalytics: StartTrial = async (surroundings) => {
  const { now, hasSmallPages } = surroundings;
  const google = await surroundings.google();
  const property = { ...sandboxProperties.store, sessionsPerDay: 240 };
  const quotas = {
    tokensPerDay: plenty, tokensPerHour: plenty, tokensPerProjectPerHour: plenty, concurrentRequests: 1_000,
    serverErrorsPerProjectPerHour: plenty, potentiallyThresholdedRequestsPerHour: plenty,
  }; // prettier-ignore
  const vendor = await startGoogleAnalytics({
    identity: google.identity,
    now,
    properties: [property],
    ...(hasSmallPages && { rowsAtOnce: 20 }),
    quotas,
  });
  const dimensions = ['date', 'sessionSource', 'sessionMedium'];
  const metrics = ['totalUsers', 'sessions', 'engagedSessions', 'eventCount', 'keyEvents'];
  const columns = [
    'date',
    'session_source',
    'session_medium',
    'total_users',
    'sessions',
    'engaged_sessions',
    'event_count',
    'key_events',
  ];
  return {
    type: 'google-analytics',
    env: { ...google.env, FRESHET_GOOGLE_ANALYTICS_URL: vendor.url },
    config: { propertyId: property.id },
    connect: (session) => google.connect(session, 'google-analytics', googleScopes.analytics),
    truth: {
      traffic: ({ from, to }) =>
        vendor
          .truth({ property: property.id, dimensions, metrics, from, to })
          .map((row) =>
            Object.fromEntries([...row.dimensions, ...row.metrics].map((value, at) => [columns[at], value])),
          ),
    },
    fail: vendor.fail,
    recover: vendor.recover,
    close: () => vendor.close(),
  };
};

const googleAds: StartTrial = async (surroundings) => {
  const { now, hasSmallPages } = surroundings;
  const google = await surroundings.google();
  const vendor = await startGoogleAds({
    identity: google.identity,
    now,
    operations: plenty,
    ...(hasSmallPages && { pageSize: 200 }),
  });
  const clients = [sandboxCustomers.us.id, sandboxCustomers.eu.id, sandboxCustomers.indonesia.id];
  const names: readonly GoogleAdsStream[] = ['campaign_performance', 'conversions', 'keywords'];
  return {
    type: 'google-ads',
    env: { ...google.env, FRESHET_GOOGLE_ADS_URL: vendor.url },
    config: { customer: sandboxCustomers.manager.id },
    connect: (session) => google.connect(session, 'google-ads', googleScopes.ads),
    truth: truthOf(names, (name, days) => vendor.truth(name, days, clients)),
    fail: vendor.fail,
    recover: vendor.recover,
    close: () => vendor.close(),
  };
};

const googleAdManager: StartTrial = async (surroundings) => {
  const { now, hasSmallPages } = surroundings;
  const google = await surroundings.google();
  const quotas = { requestsPerSecond: plenty, reportsPerHour: plenty };
  const vendor = await startGoogleAdManager({ identity: google.identity, now, scale: 0.25, quotas });
  Object.assign(vendor.controls, { looks: 1, ...(hasSmallPages && { mostRowsOnPage: 500 }) });
  const names: readonly AdManagerStream[] = ['revenue', 'geography', 'inventory'];
  return {
    type: 'google-ad-manager',
    env: { ...google.env, FRESHET_GOOGLE_AD_MANAGER_URL: vendor.url },
    config: { networkCode: '21768590' },
    connect: (session) => google.connect(session, 'google-ad-manager', googleScopes.adManager),
    truth: truthOf(names, (name, days) => vendor.truth(name, days)),
    fail: vendor.fail,
    recover: vendor.recover,
    close: () => vendor.close(),
  };
};

const klaviyo: StartTrial = async ({ now }) => {
  const vendor = await startKlaviyo({ now, people: 1_500, eventsADay: 60, historyDays: 100 });
  const names: readonly KlaviyoStream[] = ['events', 'profiles', 'campaigns', 'lists'];
  return {
    type: 'klaviyo',
    env: { FRESHET_KLAVIYO_URL: vendor.url },
    config: {},
    connect: () => Promise.resolve({ credentials: { apiKey: vendor.apiKey } }),
    truth: truthOf(names, (name, days) => [...vendor.truth(name, days)]),
    fail: vendor.fail,
    recover: vendor.recover,
    close: () => vendor.close(),
  };
};

const actBlue: StartTrial = async ({ now }) => {
  const vendor = await startActBlue({ now, scale: 0.5, polls: 1, jobsPerMinute: plenty });
  const { clientUuid, clientSecret } = vendor;
  const names: readonly ActBlueStream[] = ['contributions', 'refunds', 'recurring_cancellations'];
  return {
    type: 'actblue',
    env: { FRESHET_ACTBLUE_URL: vendor.url },
    config: {},
    connect: () => Promise.resolve({ credentials: { clientUuid, clientSecret } }),
    truth: truthOf(names, (name, days) => vendor.truth(name, days)),
    fail: vendor.fail,
    recover: vendor.recover,
    close: () => vendor.close(),
  };
};

const switchboard: StartTrial = async ({ now, hasSmallPages }) => {
  const timeZone = 'America/New_York';
  const vendor = await startSwitchboard({
    now,
    scale: 0.5,
    days: 120,
    ...(hasSmallPages && { messagesAPage: 50 }),
    requestsPerMinute: plenty,
  });
  const { accountId, secretKey } = vendor;
  const names: readonly SwitchboardStream[] = ['broadcasts', 'messages', 'replies', 'opt_outs'];
  return {
    type: 'switchboard',
    env: { FRESHET_SWITCHBOARD_URL: vendor.url },
    config: { timeZone },
    connect: () => Promise.resolve({ credentials: { accountId, secretKey } }),
    truth: truthOf(names, (name, days) => vendor.truth(name, days, timeZone)),
    fail: vendor.fail,
    recover: vendor.recover,
    close: () => vendor.close(),
  };
};

/** By type of connector. */
export const trials: Readonly<Record<string, StartTrial>> = {
  'google-analytics': googleAnalytics,
  'google-ads': googleAds,
  'google-ad-manager': googleAdManager,
  klaviyo,
  'meta-ads': metaAds,
  actblue: actBlue,
  switchboard,
  clienttether: clientTether,
  bigquery: bigQuery,
  postgresql,
};
