import { FreshetError } from '@freshet/contracts';
import { metaPeople, sandboxAdAccounts, startMetaAds, type MetaStream } from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { describeConnector, type Days, type SuiteClock } from '../kit/conformance';
import { metaAdsConnector } from './meta-ads-connector';

const account = sandboxAdAccounts[0]?.id ?? '';

const startUnderTest = async (clock: SuiteClock) => {
  // Several pages of 500 rows in a week of ads.
  const meta = await startMetaAds({ now: clock.now, adsInSet: 8 });
  let renewals = 0;
  let revoked = false;
  const gone = new FreshetError('source_unauthorized', 'The consent was taken back.', {
    action: 'Reconnect the account.',
  });
  const grant = () => ({ accessToken: meta.token(), expiresAt: clock.now().getTime() + 60 * 86_400_000 });
  let stored = grant();
  const stream = (name: MetaStream) => ({
    name,
    truth: (days: Days | null) => meta.truth(name, [account], days ?? undefined),
  });
  return {
    config: { adAccount: `act_${account}` },
    credentials: null,
    settings: { baseUrl: meta.url },
    tokens: accessTokens({
      now: clock.now,
      load: () => Promise.resolve(stored),
      renew: () => {
        renewals += 1;
        if (revoked) return Promise.reject(gone);
        stored = grant();
        return Promise.resolve(stored);
      },
    }),
    streams: [
      stream('insights_daily'),
      stream('insights_hourly'),
      stream('campaigns'),
      stream('ad_sets'),
      stream('ads'),
      stream('creatives'),
    ] as const,
    fail: meta.fail,
    recover: meta.recover,
    close: meta.close,
    meta,
    renewals: () => renewals,
    revoke() {
      revoked = true;
      meta.identity.revoke(metaPeople.marketing.id);
    },
    restore() {
      revoked = false;
      stored = grant();
    },
  };
};

describeConnector('Meta Ads', {
  connector: metaAdsConnector,
  start: startUnderTest,
  days: 6,
  abilities: {
    empty: ({ meta }) => meta.clear(),
    revoke: (started) => started.revoke(),
    restore: (started) => started.restore(),
    consent: {
      expire: ({ meta }) => meta.identity.expireTokens(),
      renewals: ({ renewals }) => renewals(),
    },
    expirePages: ({ meta }) => meta.expirePages(),
  },
});
