import {
  googleScopes,
  sandboxAccounts,
  sandboxProperties,
  startGoogleAnalytics,
  startGoogleIdentity,
  type GoogleIdentity,
} from '@freshet/testing';
import { FreshetError } from '@freshet/contracts';
import { OAuth2Client } from 'google-auth-library';
import { accessTokens } from '../kit/access-tokens';
import type { AccessTokens } from '../kit/context';
import { describeConnector, type Days, type SuiteClock } from '../kit/conformance';
import { truthOf } from './expected-reports';
import { googleAnalyticsConnector } from './google-analytics-connector';

const { id: propertyId } = sandboxProperties.store;
const account = sandboxAccounts.marketing.email;
const scopes = [googleScopes.analytics];

const tokensOf = (
  identity: GoogleIdentity,
  now: () => Date,
  initial: { refreshToken: string; accessToken: string },
) => {
  let { refreshToken } = initial;
  let grant = { accessToken: initial.accessToken, expiresAt: now().getTime() + 3_600_000 };
  const tokens: AccessTokens = accessTokens({
    now,
    load: async () => grant,
    renew: async () => {
      const client = new OAuth2Client({
        clientId: identity.client.id,
        clientSecret: identity.client.secret,
        endpoints: identity.endpoints,
        transporterOptions: { fetchImplementation: fetch },
      });
      client.setCredentials({ refresh_token: refreshToken });
      try {
        const { credentials } = await client.refreshAccessToken();
        grant = { accessToken: credentials.access_token ?? '', expiresAt: now().getTime() + 3_600_000 };
        return grant;
      } catch (cause) {
        throw new FreshetError('source_unauthorized', 'The access was revoked.', {
          action: 'Reconnect it.',
          cause,
        });
      }
    },
  });
  const consentAgain = (): void => {
    const issued = identity.issue({ account, scopes });
    refreshToken = issued.refreshToken;
    grant = { accessToken: issued.accessToken, expiresAt: now().getTime() + 3_600_000 };
  };
  return { tokens, consentAgain };
};

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
  const { tokens, consentAgain } = tokensOf(identity, now, identity.issue({ account, scopes }));
  const stream = (name: string) => ({
    name,
    truth: (days: Days | null) => truthOf(vendor, sandboxProperties.store, name, days),
  });
  return {
    config: { propertyId },
    credentials: null,
    settings: { baseUrl: vendor.url },
    tokens,
    // The others differ in their fields alone; their own spec reads each.
    streams: [stream('traffic'), stream('events')] as const,
    fail: vendor.fail,
    recover: vendor.recover,
    close: async () => {
      await Promise.all([vendor.close(), identity.close()]);
    },
    vendor,
    identity,
    consentAgain,
  };
};

describeConnector('Google Analytics', {
  connector: googleAnalyticsConnector,
  start,
  days: 4,
  abilities: {
    empty: ({ vendor }) => vendor.empty(),
    revoke: ({ identity }) => identity.revoke(account),
    restore: ({ consentAgain }) => consentAgain(),
    consent: {
      expire: ({ identity }) => identity.expireTokens(),
      renewals: ({ identity }) => identity.renewals(),
    },
    restate: ({ vendor }) => vendor.restate(),
    addFutureRows: ({ vendor }) => vendor.addFuture(),
  },
});
