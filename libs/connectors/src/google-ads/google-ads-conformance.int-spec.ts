import { createRequire } from 'node:module';
import {
  googleGrant,
  googleScopes,
  sandboxAccounts,
  sandboxCustomers,
  startGoogleAds,
  startGoogleIdentity,
  type GoogleAds,
  type GoogleAdsStream,
  type GoogleGrant,
} from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { describeConnector, type Days, type Started, type SuiteClock } from '../kit/conformance';
import { googleAdsConnector } from './google-ads-connector';

interface Subject extends Started {
  ads: GoogleAds;
  grant: GoogleGrant;
}

const account = sandboxAccounts.marketing.email;
const scopes = [googleScopes.ads];
/** Those below the manager that are open and not hidden: three zones, three currencies. */
const clients = [sandboxCustomers.us.id, sandboxCustomers.eu.id, sandboxCustomers.indonesia.id];

const start = async ({ now }: SuiteClock): Promise<Subject> => {
  const identity = await startGoogleIdentity({ now });
  const ads = await startGoogleAds({ identity, now, pageSize: 35 });
  const grant = googleGrant(identity, { account, scopes, now });
  const stream = (name: GoogleAdsStream) => ({
    name,
    truth: (days: Days | null) => ads.truth(name, days ?? { from: '', to: '' }, clients),
  });
  return {
    ads,
    config: { customer: sandboxCustomers.manager.id, lookbackDays: 2 },
    credentials: null,
    settings: { baseUrl: ads.url, developerToken: ads.developerToken },
    tokens: accessTokens(grant.vault),
    streams: [stream('campaign_performance'), stream('conversions')],
    fail: ads.fail,
    recover: ads.recover,
    close: async () => void (await Promise.all([ads.close(), identity.close()])),
    grant,
  };
};

// Takes seconds on a busy machine, which are not the first test's.
beforeAll(() => void createRequire(import.meta.url)('google-ads-api'), 60_000);

describeConnector<Subject>('google-ads', {
  connector: googleAdsConnector,
  start,
  days: 2,
  abilities: {
    empty: ({ ads }) => clients.forEach((id) => ads.controls.empty(id)),
    revoke: ({ grant }) => grant.revoke(),
    restore: ({ grant }) => grant.restore(),
    consent: { expire: ({ grant }) => grant.expire(), renewals: ({ grant }) => grant.renewals() },
    expirePages: ({ ads }) => ads.controls.expirePageTokens(),
    restate: ({ ads }) => ads.controls.emptyDay('2026-03-09'),
    addFutureRows: ({ ads }) => ads.controls.showFuture(),
  },
});
