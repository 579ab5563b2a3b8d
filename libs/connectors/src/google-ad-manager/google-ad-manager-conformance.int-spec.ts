import {
  googleGrant,
  googleScopes,
  sandboxAccounts,
  startGoogleAdManager,
  startGoogleIdentity,
  type AdManagerStream,
  type GoogleAdManager,
  type GoogleGrant,
} from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { describeConnector, type Started, type SuiteClock } from '../kit/conformance';
import { googleAdManagerConnector } from './google-ad-manager-connector';

interface Subject extends Started {
  adManager: GoogleAdManager;
  grant: GoogleGrant;
}

const account = sandboxAccounts.marketing.email;
const scopes = [googleScopes.adManager];

const start = async ({ now }: SuiteClock): Promise<Subject> => {
  const identity = await startGoogleIdentity({ now });
  const quotas = { requestsPerSecond: 1_000, reportsPerHour: 10_000 };
  const adManager = await startGoogleAdManager({ identity, now, scale: 0.25, quotas });
  Object.assign(adManager.controls, { mostRowsOnPage: 60, looks: 1 });
  const grant = googleGrant(identity, { account, scopes, now });
  const stream = (name: AdManagerStream) => ({
    name,
    truth: (days: { from: string; to: string } | null) => adManager.truth(name, days ?? { from: '', to: '' }),
  });
  return {
    adManager,
    config: { networkCode: '21768590', lookbackDays: 5 },
    credentials: null,
    settings: { baseUrl: adManager.url },
    tokens: accessTokens(grant.vault),
    streams: [stream('revenue'), stream('geography'), stream('inventory')],
    fail: adManager.fail,
    recover: adManager.recover,
    close: async () => void (await Promise.all([adManager.close(), identity.close()])),
    grant,
  };
};

describeConnector<Subject>('google-ad-manager', {
  connector: googleAdManagerConnector,
  start,
  abilities: {
    empty: ({ adManager }) => void (adManager.controls.isEmpty = true),
    revoke: ({ grant }) => grant.revoke(),
    restore: ({ grant }) => grant.restore(),
    consent: { expire: ({ grant }) => grant.expire(), renewals: ({ grant }) => grant.renewals() },
    expirePages: ({ adManager }) => adManager.controls.expirePageTokens(),
    addFutureRows: ({ adManager }) => void (adManager.controls.futureRows = true),
  },
});
