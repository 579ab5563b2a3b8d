import {
  googleGrant,
  googleScopes,
  sandboxAccounts,
  sandboxProperties,
  startGoogleAnalytics,
  startGoogleIdentity,
} from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { describeConnector, type Days, type SuiteClock } from '../kit/conformance';
import { truthOf } from './expected-reports';
import { googleAnalyticsConnector } from './google-analytics-connector';

const { id: propertyId } = sandboxProperties.store;
const account = sandboxAccounts.marketing.email;
const scopes = [googleScopes.analytics];

const start = async ({ now }: SuiteClock) => {
  const identity = await startGoogleIdentity({ now });
  // A quiet shop, so that a day is two or three small pages.
  const vendor = await startGoogleAnalytics({
    identity,
    now,
    properties: [{ ...sandboxProperties.store, sessionsPerDay: 240 }],
    rowsAtOnce: 8,
    quotas: { concurrentRequests: 100 },
  });
  const grant = googleGrant(identity, { account, scopes, now });
  const stream = (name: string) => ({
    name,
    truth: (days: Days | null) => truthOf(vendor, sandboxProperties.store, name, days),
  });
  return {
    config: { propertyId },
    credentials: null,
    settings: { baseUrl: vendor.url },
    tokens: accessTokens(grant.vault),
    // The others differ in their fields alone; their own spec reads each.
    streams: [stream('traffic'), stream('events')] as const,
    fail: vendor.fail,
    recover: vendor.recover,
    close: async () => {
      await Promise.all([vendor.close(), identity.close()]);
    },
    vendor,
    grant,
  };
};

describeConnector('Google Analytics', {
  connector: googleAnalyticsConnector,
  start,
  days: 4,
  abilities: {
    empty: ({ vendor }) => vendor.empty(),
    revoke: ({ grant }) => grant.revoke(),
    restore: ({ grant }) => grant.restore(),
    consent: { expire: ({ grant }) => grant.expire(), renewals: ({ grant }) => grant.renewals() },
    restate: ({ vendor }) => vendor.restate(),
    addFutureRows: ({ vendor }) => vendor.addFuture(),
  },
});
