import {
  metaPeople,
  sandboxAdAccounts,
  startMetaAds,
  startMetaIdentity,
  type MetaAdsStandIn,
  type MetaIdentity,
} from '@freshet/testing';
import { createContext } from '../kit/create-context';
import { createHttpClient, type HttpClient } from '../kit/http/http-client';
import {
  endConsent,
  renewGrant,
  startConsent,
  tokensOf,
  type GivenConsent,
  type OAuthClients,
  type StoredGrant,
} from '../oauth';
import { metaAdsConnector } from './meta-ads-connector';

const redirectUri = 'http://127.0.0.1:4000/api/oauth/meta/callback';
const scopes = metaAdsConnector.spec.oauth?.scopes ?? [];

describe('consent to Meta Ads', () => {
  let time = Date.parse('2026-11-22T12:00:00Z');
  const now = (): Date => new Date(time);
  let identity: MetaIdentity;
  let meta: MetaAdsStandIn;
  let http: HttpClient;
  let clients: OAuthClients;

  beforeAll(async () => {
    identity = await startMetaIdentity({ now });
    meta = await startMetaAds({ now, identity });
    http = createHttpClient({ allowHosts: ['127.0.0.1'] });
    const { id: clientId, secret: clientSecret } = identity.app;
    clients = {
      google: { clientId: '', clientSecret: '', baseUrl: null },
      meta: { clientId, clientSecret, baseUrl: identity.url },
    };
  });
  afterAll(() => Promise.all([identity.close(), meta.close(), http.close()]));

  /** As a browser would: opens the dialog, ticks what is wanted, and is sent back. */
  const answerDialog = async (url: string, decision: Record<string, string>): Promise<URL> => {
    const asked = new URL(url);
    const form = new URLSearchParams([...asked.searchParams, ...Object.entries(decision)]);
    const response = await fetch(`${asked.origin}${asked.pathname}`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    return new URL(response.headers.get('location') ?? '');
  };
  const consent = async (decision: Record<string, string>): Promise<GivenConsent> => {
    const { url, verifier, state } = await startConsent({ provider: 'meta', scopes, redirectUri }, clients);
    const currentUrl = await answerDialog(url, decision);
    return endConsent({ provider: 'meta', scopes, redirectUri, currentUrl, verifier, state }, clients, now());
  };
  const allowed = { user: metaPeople.marketing.id, granted: 'ads_read', decision: 'allow' };
  const contextOf = (grant: StoredGrant) => {
    let stored = grant;
    const vault = {
      load: () => Promise.resolve(stored),
      renew: async (
        isStale: (grant: StoredGrant) => boolean,
        renew: (grant: StoredGrant) => Promise<StoredGrant>,
      ) => {
        if (isStale(stored)) stored = await renew(stored);
        return stored;
      },
    };
    return createContext({
      http,
      signal: new AbortController().signal,
      now,
      settings: { baseUrl: meta.url },
      tokens: tokensOf('meta', vault, clients, now),
    });
  };
  const check = (grant: StoredGrant) =>
    metaAdsConnector.check({ adAccount: sandboxAdAccounts[0]?.id }, null, contextOf(grant));

  it('brings a token of sixty days that opens the ad accounts of that person', async () => {
    const { grant, account } = await consent(allowed);
    expect(account).toBe(metaPeople.marketing.name);
    expect(grant).toMatchObject({ refreshToken: null, expiresAt: time + 60 * 86_400_000 });
    expect(await check(grant)).toMatchObject({ ok: true });
  });

  it('is renewed by exchanging the token before it ends, and not after', async () => {
    const { grant } = await consent(allowed);
    time += 59 * 86_400_000;
    const renewed = await renewGrant('meta', grant, clients, now());
    expect(renewed.expiresAt).toBe(time + 60 * 86_400_000);
    expect(await check(renewed)).toMatchObject({ ok: true });
    time += 2 * 86_400_000;
    await expect(renewGrant('meta', grant, clients, now())).rejects.toMatchObject({
      code: 'source_unauthorized',
    });
  });

  it('needs a new one after it was taken back', async () => {
    const { grant } = await consent(allowed);
    identity.revoke(metaPeople.marketing.id);
    const { ok, checks } = await check(grant);
    expect(ok).toBe(false);
    expect(checks.at(-1)?.message).toMatch(/Meta no longer accepts our access.*Reconnect/);
    expect(await check((await consent(allowed)).grant)).toMatchObject({ ok: true });
  });

  it('is told when it was not given', async () => {
    await expect(consent({ ...allowed, decision: 'deny' })).rejects.toMatchObject({
      code: 'source_unauthorized',
    });
  });

  it('does not open ads when the box was not ticked', async () => {
    const { grant } = await consent({ ...allowed, granted: '' });
    const { ok, checks } = await check(grant);
    expect({ ok, message: checks.at(-1)?.message }).toEqual({
      ok: false,
      message: expect.stringMatching(/ads_read.*every box ticked/s) as string,
    });
  });
});
