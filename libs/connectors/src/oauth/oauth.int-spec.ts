import {
  googleScopes,
  metaPeople,
  sandboxAccounts,
  startGoogleIdentity,
  startMetaIdentity,
  type GoogleIdentity,
  type MetaIdentity,
} from '@freshet/testing';
import { endConsent, startConsent } from './consent';
import { renewGrant, revokeGrant, tokensOf, type StoredGrant } from './grant';
import type { OAuthClients, OAuthProvider } from './provider';

const now = new Date();
let google: GoogleIdentity;
let meta: MetaIdentity;
beforeAll(async () => {
  [google, meta] = await Promise.all([startGoogleIdentity(), startMetaIdentity()]);
});
afterAll(() => Promise.all([google.close(), meta.close()]));

const clients = (change: { clientSecret?: string; baseUrl?: string } = {}): OAuthClients => ({
  google: { clientId: google.client.id, clientSecret: google.client.secret, baseUrl: google.url, ...change },
  meta: { clientId: meta.app.id, clientSecret: meta.app.secret, baseUrl: meta.url, ...change },
});
const people = {
  google: { field: 'account', value: sandboxAccounts.marketing.email, scope: googleScopes.analytics },
  meta: { field: 'user', value: metaPeople.marketing.id, scope: 'ads_read' },
};
const providers: OAuthProvider[] = ['google', 'meta'];

const consent = async (provider: OAuthProvider, as = clients()) => {
  const { field, value, scope } = people[provider];
  const redirectUri = `http://127.0.0.1:3000/api/oauth/${provider}/callback`;
  const request = { provider, scopes: [scope], redirectUri };
  const { url, verifier, state } = await startConsent(request, clients());
  const form = new URLSearchParams(new URL(url).searchParams);
  for (const [name, text] of [[field, value], ['decision', 'allow'], ['granted', scope]] as const) form.append(name, text); // prettier-ignore
  const answer = await fetch(`${new URL(url).origin}${new URL(url).pathname}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  const currentUrl = new URL(answer.headers.get('location') ?? '');
  return endConsent({ ...request, currentUrl, verifier, state }, as, now);
};

describe.each(providers)('consent at %s', (provider) => {
  it('gives a grant with the scopes asked for, and says whose it is', async () => {
    const { grant, account } = await consent(provider);
    expect(grant.scopes).toContain(people[provider].scope);
    expect(grant.expiresAt).toBeGreaterThan(now.getTime());
    expect(account).toBeTruthy();
  });

  it('with a wrong secret is the operator’s to mend', async () => {
    await expect(consent(provider, clients({ clientSecret: 'wrong' }))).rejects.toMatchObject({
      code: 'source_refused',
      details: { action: expect.stringContaining('operator') as string },
    });
  });

  it('is renewed, until it is taken back: then somebody has to reconnect', async () => {
    const { grant } = await consent(provider);
    const renewed = await renewGrant(provider, grant, clients(), now);
    expect(renewed.accessToken).toBeTruthy();
    if (provider === 'google') google.revoke(sandboxAccounts.marketing.email);
    else meta.revoke(metaPeople.marketing.id);
    await expect(renewGrant(provider, renewed, clients(), now)).rejects.toMatchObject({
      code: 'source_unauthorized',
      details: { action: expect.stringContaining('Reconnect') as string },
    });
  });

  it('can’t be renewed while the provider is away, which is no reason to reconnect', async () => {
    const { grant } = await consent(provider);
    await expect(
      renewGrant(provider, grant, clients({ baseUrl: 'http://127.0.0.1:1' }), now),
    ).rejects.toMatchObject({
      code: 'source_unreachable',
    });
  });
});

it('a provider at which the installation is not registered can’t be asked', async () => {
  const none = { clientId: '', clientSecret: '', baseUrl: null };
  const ask = { provider: 'google' as const, scopes: [], redirectUri: 'http://127.0.0.1/x' };
  await expect(startConsent(ask, { google: none, meta: none })).rejects.toMatchObject({
    code: 'conflict',
    details: { action: expect.stringContaining('FRESHET_GOOGLE_CLIENT_ID') as string },
  });
});

it('twenty calls with an old token cause one renewal, and all get the new one', async () => {
  let { grant: stored }: { grant: StoredGrant } = await consent('google');
  google.expireTokens();
  const before = google.renewals();
  const vault = {
    load: () => Promise.resolve(stored),
    renew: async (
      isStale: (grant: StoredGrant) => boolean,
      renew: (grant: StoredGrant) => Promise<StoredGrant>,
    ) => (isStale(stored) ? (stored = await renew(stored)) : stored),
  };
  const tokens = tokensOf('google', vault, clients(), () => now);
  const old = stored.accessToken;
  const got = await Promise.all(Array.from({ length: 20 }, () => tokens.renew(old)));
  expect(new Set(got)).toEqual(new Set([stored.accessToken]));
  expect(stored.accessToken).not.toBe(old);
  expect(google.renewals() - before).toBe(1);
});

it('giving a grant back tells the provider', async () => {
  const { grant } = await consent('google');
  await revokeGrant('google', grant, clients());
  await expect(renewGrant('google', grant, clients(), now)).rejects.toMatchObject({
    code: 'source_unauthorized',
  });
});
