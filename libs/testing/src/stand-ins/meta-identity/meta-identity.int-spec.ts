import { createHash } from 'node:crypto';
import { startMetaIdentity, type MetaIdentity } from './meta-identity';
import { metaPeople } from './people';

const callback = 'http://127.0.0.1:4000/api/oauth/meta/callback';
const verifier = 'a-verifier-that-is-long-enough-to-be-taken-for-one';
const challenge = createHash('sha256').update(verifier).digest('base64url');

describe('the stand-in for Meta’s login', () => {
  let time = Date.parse('2026-11-22T12:00:00Z');
  let meta: MetaIdentity;
  beforeAll(async () => {
    meta = await startMetaIdentity({ now: () => new Date(time) });
  });
  afterAll(() => meta.close());

  const parameters = (changes: Record<string, string> = {}): URLSearchParams =>
    new URLSearchParams({
      client_id: meta.app.id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'ads_read',
      state: 'abc',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...changes,
    });
  const decide = async (decision: string): Promise<URL> => {
    const form = parameters();
    for (const [name, value] of Object.entries({
      user: metaPeople.marketing.id,
      granted: 'ads_read',
      decision,
    })) {
      form.append(name, value);
    }
    const response = await fetch(`${meta.url}/v24.0/dialog/oauth`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    return new URL(response.headers.get('location') ?? '');
  };
  const token = async (
    given: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const body = new URLSearchParams({ client_id: meta.app.id, client_secret: meta.app.secret, ...given });
    const response = await fetch(`${meta.url}/v24.0/oauth/access_token`, { method: 'POST', body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const exchanged = async (
    accessToken: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }> =>
    token({ grant_type: 'fb_exchange_token', fb_exchange_token: String(accessToken) });
  const me = async (accessToken: unknown): Promise<unknown> =>
    (await fetch(`${meta.url}/v24.0/me?access_token=${String(accessToken)}`)).json();
  const fromCode = async (changes: Record<string, string> = {}): ReturnType<typeof token> => {
    const code = (await decide('allow')).searchParams.get('code') ?? '';
    return token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
      ...changes,
    });
  };

  it('asks the person in a form that needs no scripts', async () => {
    const response = await fetch(`${meta.url}/v24.0/dialog/oauth?${parameters()}`);
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('Sandbox');
    expect(html).toContain('<legend>Continue as</legend>');
    expect(html).toMatch(/<button class="first" name="decision" value="allow">Allow<\/button>/);
  });

  it('gives a code for consent, a token for the code, and a long-lived one for the token', async () => {
    const back = await decide('allow');
    expect(back.searchParams.get('state')).toBe('abc');
    const code = back.searchParams.get('code') ?? '';
    const short = await token({ code, redirect_uri: callback, code_verifier: verifier });
    expect(short.body).toMatchObject({ token_type: 'bearer', expires_in: 7_200 });
    expect((await token({ code, redirect_uri: callback, code_verifier: verifier })).status).toBe(400);
    const long = await exchanged(short.body['access_token']);
    expect(long.body).toMatchObject({ expires_in: 60 * 86_400 });
    time += 59 * 86_400_000;
    expect(await me(long.body['access_token'])).toEqual({
      id: metaPeople.marketing.id,
      name: metaPeople.marketing.name,
    });
  });

  it('sends those back without a code who say no', async () => {
    const back = await decide('deny');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'access_denied',
      error_reason: 'user_denied',
      state: 'abc',
    });
  });

  it.each([
    ['another app', { client_id: '1' }, 'Invalid App ID'],
    ['an address that is not registered', { redirect_uri: 'https://evil.example/' }, 'URL blocked'],
    ['a scope that does not exist', { scope: 'ads_read everything' }, 'Invalid Scopes'],
  ])('shows no dialog for %s', async (_what, changes, sentence) => {
    const response = await fetch(`${meta.url}/v24.0/dialog/oauth?${parameters(changes)}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(sentence);
  });

  it.each([
    ['another verifier', { code_verifier: 'other' }, 100],
    ['another address', { redirect_uri: 'http://127.0.0.1:1/api/oauth/meta/callback' }, 100],
    ['a wrong secret', { client_secret: 'guess' }, 1],
    ['a wrong app', { client_id: '2' }, 101],
  ])('gives no token for %s', async (_what, changes, code) => {
    const { status, body } = await fromCode(changes);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code } });
  });

  it('tells dead tokens apart, and exchanges none of them', async () => {
    const permit = { user: metaPeople.agency.id, scopes: ['ads_read'] };
    const revoked = meta.issue(permit);
    meta.revoke(permit.user);
    const expired = meta.issue(permit);
    meta.expireTokens();
    expect(await me(revoked)).toMatchObject({ error: { code: 190, error_subcode: 458 } });
    expect(await me(expired)).toMatchObject({ error: { code: 190, error_subcode: 463 } });
    expect(await me('nonsense')).toMatchObject({ error: { code: 190 } });
    expect((await exchanged(expired)).body).toMatchObject({ error: { code: 190 } });
    expect(await me(meta.issue(permit))).toMatchObject({ id: permit.user });
  });

  it('forgets consent that the application gives back', async () => {
    const accessToken = meta.issue({ user: metaPeople.marketing.id, scopes: ['ads_read'] });
    const response = await fetch(`${meta.url}/v24.0/me/permissions?access_token=${accessToken}`, {
      method: 'DELETE',
    });
    expect(await response.json()).toEqual({ success: true });
    expect(await me(accessToken)).toMatchObject({ error: { code: 190, error_subcode: 458 } });
  });
});
