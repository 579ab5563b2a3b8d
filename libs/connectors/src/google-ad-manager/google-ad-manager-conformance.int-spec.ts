import { FreshetError } from '@freshet/contracts';
import {
  googleScopes,
  sandboxAccounts,
  startGoogleAdManager,
  startGoogleIdentity,
  type AdManagerStream,
  type GoogleAdManager,
} from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { describeConnector, type Started, type SuiteClock } from '../kit/conformance';
import { googleAdManagerConnector } from './google-ad-manager-connector';

interface Subject extends Started {
  adManager: GoogleAdManager;
  expire(): void;
  revoke(): void;
  restore(): void;
  renewals(): number;
}

const account = sandboxAccounts.marketing.email;
const scopes = [googleScopes.adManager];

const start = async ({ now }: SuiteClock): Promise<Subject> => {
  const identity = await startGoogleIdentity({ now });
  const quotas = { requestsPerSecond: 1_000, reportsPerHour: 10_000 };
  const adManager = await startGoogleAdManager({ identity, now, scale: 0.25, quotas });
  Object.assign(adManager.controls, { mostRowsOnPage: 60, looks: 1 });
  let isRevoked = false;
  let renewals = 0;
  const grant = () => ({
    accessToken: identity.issue({ account, scopes }).accessToken,
    expiresAt: now().getTime() + 3_600_000,
  });
  let stored = grant();
  const tokens = accessTokens({
    now,
    load: async () => stored,
    renew: async () => {
      if (isRevoked) {
        throw new FreshetError('source_unauthorized', 'Google took the access away.', {
          action: 'Reconnect the source.',
        });
      }
      renewals += 1;
      stored = grant();
      return stored;
    },
  });
  const stream = (name: AdManagerStream) => ({
    name,
    truth: (days: { from: string; to: string } | null) => adManager.truth(name, days ?? { from: '', to: '' }),
  });
  return {
    adManager,
    config: { networkCode: '21768590', lookbackDays: 5 },
    credentials: null,
    settings: { baseUrl: adManager.url },
    tokens,
    streams: [stream('revenue'), stream('geography'), stream('inventory')],
    fail: adManager.fail,
    recover: adManager.recover,
    close: async () => void (await Promise.all([adManager.close(), identity.close()])),
    expire: () => identity.expireTokens(),
    revoke() {
      isRevoked = true;
      identity.revoke(account);
    },
    restore: () => void (isRevoked = false),
    renewals: () => renewals,
  };
};

describeConnector<Subject>('google-ad-manager', {
  connector: googleAdManagerConnector,
  start,
  abilities: {
    empty: ({ adManager }) => void (adManager.controls.isEmpty = true),
    revoke: (subject) => subject.revoke(),
    restore: (subject) => subject.restore(),
    consent: { expire: (subject) => subject.expire(), renewals: (subject) => subject.renewals() },
    expirePages: ({ adManager }) => adManager.controls.expirePageTokens(),
    addFutureRows: ({ adManager }) => void (adManager.controls.futureRows = true),
  },
});
