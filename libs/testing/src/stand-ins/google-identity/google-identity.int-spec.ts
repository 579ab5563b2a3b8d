import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library';
import { sandboxAccounts } from './accounts';
import { startGoogleIdentity, type GoogleIdentity } from './google-identity';
import { googleScopes } from './scopes';

const redirectUri = 'http://127.0.0.1:4711/api/oauth/google/callback';
const { email } = sandboxAccounts.marketing;
const start = new Date('2026-03-01T12:00:00Z').getTime();

describe('the stand-in for Google’s authorization server', () => {
  let identity: GoogleIdentity;
  let now = start;
  const clientFor = (secret?: string): OAuth2Client =>
    new OAuth2Client({
      clientId: identity.client.id,
      clientSecret: secret ?? identity.client.secret,
      redirectUri,
      endpoints: identity.endpoints,
      transporterOptions: { fetchImplementation: fetch },
    });

  beforeEach(async () => {
    now = start;
    identity = await startGoogleIdentity({ now: () => new Date(now) });
  });
  afterEach(() => identity.close());

  /** What a person does on the consent page. */
  const consent = async (
    url: string,
    choice: { account?: string; granted?: string[]; decision?: string } = {},
  ): Promise<URL> => {
    const page = await fetch(url);
    expect(page.status).toBe(200);
    const form = new URLSearchParams(new URL(url).searchParams);
    form.set('account', choice.account ?? email);
    form.set('decision', choice.decision ?? 'allow');
    for (const scope of choice.granted ?? [googleScopes.analytics]) form.append('granted', scope);
    const answer = await fetch(identity.endpoints.oauth2AuthBaseUrl, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    expect(answer.status).toBe(302);
    return new URL(answer.headers.get('location') ?? '');
  };
  const urlFor = (client: OAuth2Client, more: Record<string, string> = {}): string =>
    client.generateAuthUrl({
      access_type: 'offline',
      scope: ['openid', 'email', googleScopes.analytics],
      state: 'a state',
      ...more,
    });

  it('signs a person in with PKCE, and tells who they are', async () => {
    const client = clientFor();
    const { codeVerifier, codeChallenge = '' } = await client.generateCodeVerifierAsync();
    const back = await consent(
      urlFor(client, { code_challenge: codeChallenge, code_challenge_method: CodeChallengeMethod.S256 }),
    );
    expect(back.href).toContain(redirectUri);
    expect(back.searchParams.get('state')).toBe('a state');
    const { tokens } = await client.getToken({ code: back.searchParams.get('code') ?? '', codeVerifier });
    expect(tokens.scope?.split(' ').sort()).toEqual(
      ['openid', googleScopes.email, googleScopes.analytics].sort(),
    );
    client.setCredentials(tokens);
    const who = await client.request({ url: identity.endpoints.userInfoUrl });
    expect(who.data).toMatchObject({ email, sub: sandboxAccounts.marketing.id });
    expect(identity.checkAccessToken(tokens.access_token ?? '', [googleScopes.analytics])).toEqual({
      ok: true,
      account: email,
    });
  });

  it('shows a page that reads without scripts: accounts, scopes, and two buttons', async () => {
    const html = await (await fetch(urlFor(clientFor(), { state: '"><script>' }))).text();
    expect(html).toContain('See and download your Google Analytics data');
    expect(html).toContain('Allow</button>');
    expect(html).not.toContain('<script>');
  });

  it('takes a code once, for ten minutes, with the right verifier and redirect URI', async () => {
    const client = clientFor();
    const { codeVerifier, codeChallenge = '' } = await client.generateCodeVerifierAsync();
    const asked = urlFor(client, {
      code_challenge: codeChallenge,
      code_challenge_method: CodeChallengeMethod.S256,
    });
    const newCode = async (): Promise<string> => (await consent(asked)).searchParams.get('code') ?? '';
    const refusal = { status: 400, response: { data: { error: 'invalid_grant' } } };

    const code = await newCode();
    await client.getToken({ code, codeVerifier });
    await expect(client.getToken({ code, codeVerifier })).rejects.toMatchObject(refusal);
    await expect(client.getToken({ code: await newCode() })).rejects.toMatchObject(refusal);
    await expect(client.getToken({ code: await newCode(), codeVerifier: 'another' })).rejects.toMatchObject(
      refusal,
    );
    const late = await newCode();
    now += 600_001;
    await expect(client.getToken({ code: late, codeVerifier })).rejects.toMatchObject(refusal);
    await expect(
      client.getToken({ code: await newCode(), codeVerifier, redirect_uri: `${redirectUri}2` }),
    ).rejects.toMatchObject({ response: { data: { error: 'redirect_uri_mismatch' } } });
  });

  it('lets a person deny, or grant less than was asked for', async () => {
    const client = clientFor();
    const denied = await consent(urlFor(client), { decision: 'deny' });
    expect(Object.fromEntries(denied.searchParams)).toEqual({ error: 'access_denied', state: 'a state' });

    const less = await consent(urlFor(client), { granted: [] });
    const { tokens } = await client.getToken(less.searchParams.get('code') ?? '');
    expect(tokens.scope).not.toContain(googleScopes.analytics);
    expect(identity.checkAccessToken(tokens.access_token ?? '', [googleScopes.analytics])).toEqual({
      ok: false,
      why: 'insufficient scope',
    });
  });

  it('gives a refresh token at the first consent, and later only when consent is asked for again', async () => {
    const client = clientFor();
    const refreshToken = async (more: Record<string, string>): Promise<string | null | undefined> => {
      const back = await consent(urlFor(client, more));
      return (await client.getToken(back.searchParams.get('code') ?? '')).tokens.refresh_token;
    };
    expect(await refreshToken({})).toEqual(expect.any(String));
    expect(await refreshToken({})).toBeUndefined();
    expect(await refreshToken({ prompt: 'consent' })).toEqual(expect.any(String));
    expect(await refreshToken({ prompt: 'consent', access_type: 'online' })).toBeUndefined();
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
    ['an unregistered redirect URI', { redirect_uri: 'https://evil.example/' }, 400, 'redirect_uri_mismatch'],
    ['another path', { redirect_uri: 'http://127.0.0.1:1/elsewhere' }, 400, 'redirect_uri_mismatch'],
    ['an unknown scope', { scope: 'everything' }, 400, 'invalid_scope'],
    ['no scope', { scope: '' }, 400, 'invalid_request'],
    ['a token instead of a code', { response_type: 'token' }, 400, 'unsupported_response_type'],
    [
      'a challenge in the clear',
      { code_challenge: 'x', code_challenge_method: 'plain' },
      400,
      'invalid_request',
    ],
  ])('stops at an error page for %s', async (_what, change, status, code) => {
    const url = new URL(urlFor(clientFor()));
    for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(code);
  });

  it('renews tokens once for twenty that wait, and lets them die after an hour', async () => {
    const { refreshToken, accessToken } = identity.issue({
      account: email,
      scopes: [googleScopes.analytics],
    });
    now += 3_600_000;
    expect(identity.checkAccessToken(accessToken, [googleScopes.analytics]).ok).toBe(false);
    const client = clientFor();
    client.setCredentials({ refresh_token: refreshToken });
    const tokens = await Promise.all(Array.from({ length: 20 }, () => client.getAccessToken()));
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(1);
    expect(identity.renewals()).toBe(1);
    expect(identity.checkAccessToken(tokens[0]?.token ?? '', [googleScopes.analytics]).ok).toBe(true);
    identity.expireTokens();
    expect(identity.checkAccessToken(tokens[0]?.token ?? '', [googleScopes.analytics]).ok).toBe(false);
  });

  it('says invalid_grant after the access was taken away, and is well again after consent', async () => {
    const { refreshToken } = identity.issue({ account: email, scopes: [googleScopes.analytics] });
    const client = clientFor();
    client.setCredentials({ refresh_token: refreshToken });
    await client.getAccessToken();
    await fetch(`${identity.url}/connections`, {
      method: 'POST',
      body: new URLSearchParams({ account: email }),
    });
    await expect(client.refreshAccessToken()).rejects.toMatchObject({
      message: 'invalid_grant',
      status: 400,
      response: { data: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } },
    });
    const again = identity.issue({ account: email, scopes: [googleScopes.analytics] });
    client.setCredentials({ refresh_token: again.refreshToken });
    await expect(client.getAccessToken()).resolves.toMatchObject({ token: expect.any(String) as string });
  });

  it('revokes by a token, once', async () => {
    const { accessToken, refreshToken } = identity.issue({ account: email, scopes: [googleScopes.ads] });
    const client = clientFor();
    await client.revokeToken(refreshToken);
    expect(identity.checkAccessToken(accessToken, [googleScopes.ads]).ok).toBe(false);
    await expect(client.revokeToken(refreshToken)).rejects.toMatchObject({ status: 400 });
  });

  it('refuses another client’s secret', async () => {
    const { refreshToken } = identity.issue({ account: email, scopes: [googleScopes.ads] });
    const client = clientFor('wrong');
    client.setCredentials({ refresh_token: refreshToken });
    await expect(client.getAccessToken()).rejects.toMatchObject({
      response: { status: 401, data: { error: 'invalid_client' } },
    });
  });

  it('drops the oldest of more than a hundred refresh tokens', async () => {
    const first = identity.issue({ account: email, scopes: [googleScopes.ads] });
    for (let i = 0; i < 100; i++) identity.issue({ account: email, scopes: [googleScopes.ads] });
    const client = clientFor();
    client.setCredentials({ refresh_token: first.refreshToken });
    await expect(client.getAccessToken()).rejects.toMatchObject({ message: 'invalid_grant' });
  });

  it('knows its tokens after a restart', async () => {
    const { accessToken } = identity.issue({ account: email, scopes: [googleScopes.ads] });
    const next = await startGoogleIdentity({ now: () => new Date(now) });
    expect(next.checkAccessToken(accessToken, [googleScopes.ads]).ok).toBe(true);
    await next.close();
  });
});
