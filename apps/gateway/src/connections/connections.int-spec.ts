import { connection, discoverResult, page, source } from '@freshet/contracts';
import {
  sandboxAccounts,
  startGoogleAnalytics,
  startGoogleIdentity,
  usePostgres,
  useRedis,
  type GoogleAnalytics,
  type GoogleIdentity,
} from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';

const scope = 'https://www.googleapis.com/auth/analytics.readonly';
const env: Record<string, string> = {};
let google: GoogleIdentity;
let analytics: GoogleAnalytics;

beforeAll(async () => {
  google = await startGoogleIdentity();
  analytics = await startGoogleAnalytics({ identity: google });
  Object.assign(env, {
    FRESHET_GOOGLE_OAUTH_URL: google.url,
    FRESHET_GOOGLE_CLIENT_ID: google.client.id,
    FRESHET_GOOGLE_CLIENT_SECRET: google.client.secret,
    FRESHET_GOOGLE_ANALYTICS_URL: analytics.url,
  });
});
const gateway = useGateway({ usePostgres, useRedis, env });
afterAll(() => Promise.all([google.close(), analytics.close()]));

const account = sandboxAccounts.marketing.email;
let cookie = '';
beforeAll(async () => {
  cookie = await gateway.signIn(gateway.acme.email);
});

const start = async (query: object = {}, as = cookie): Promise<URL> => {
  const asked = { type: 'google-analytics', returnTo: '/p/1/sources/new/google-analytics', ...query };
  const answer = await gateway.call('startConsent', { provider: 'google' }).set('Cookie', as).query(asked);
  expect(answer.status).toBe(302);
  return new URL(answer.headers['location'] ?? '');
};

/** What a person does on Google's page; the address to which Google sends them back. */
const decide = async (asked: URL, choice: { granted?: string[]; decision?: string } = {}): Promise<URL> => {
  const form = new URLSearchParams(asked.searchParams);
  form.set('account', account);
  form.set('decision', choice.decision ?? 'allow');
  for (const granted of choice.granted ?? [scope]) form.append('granted', granted);
  const url = google.endpoints.oauth2AuthBaseUrl;
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '');
};

const comeBack = (url: URL, as = cookie) =>
  gateway
    .call('endConsent', { provider: 'google' })
    .set('Cookie', as)
    .set('sec-fetch-site', 'cross-site')
    .query(Object.fromEntries(url.searchParams));

const connect = async (query: object = {}): Promise<string> => {
  const back = await comeBack(await decide(await start(query)));
  expect(back.status).toBe(302);
  return new URL(back.headers['location'] ?? '', gateway.url).searchParams.get('connection') ?? '';
};

const listed = async () =>
  page(connection).parse((await gateway.as(gateway.acme, 'listConnections')).body).items;

describe('consent by OAuth', () => {
  it('becomes a connection with the account’s name, and brings the person back', async () => {
    const id = await connect();
    const found = (await listed()).find((each) => each.id === id);
    expect(found).toMatchObject({ provider: 'google', account, status: 'active', sources: [] });
    expect(found?.scopes).toContain(scope);
  });

  it('keeps the tokens sealed', async () => {
    await connect();
    const { rows } = await gateway.postgres.pool.query<{ secrets: Buffer }>(
      'select secrets from app.connection',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { secrets } of rows) expect(secrets.toString()).toMatch(/^1\.[\w-]+\.[\w-]+$/);
  });

  it('that is denied brings the person back with the reason, and no connection', async () => {
    const before = await listed();
    const back = await comeBack(await decide(await start(), { decision: 'deny' }));
    expect(back.headers['location']).toBe('/p/1/sources/new/google-analytics?refused=denied');
    expect(await listed()).toHaveLength(before.length);
  });

  it('for less than is needed is no consent', async () => {
    const back = await comeBack(await decide(await start(), { granted: [] }));
    expect(back.headers['location']).toContain('refused=scope');
  });

  it('for a second product keeps what the connection serves already, and takes no less', async () => {
    const ads = 'https://www.googleapis.com/auth/adwords';
    const connectionId = await connect();
    const asked = await start({ type: 'google-ads', connectionId });
    expect(asked.searchParams.get('scope')?.split(' ')).toEqual(expect.arrayContaining([scope, ads]));
    const half = await comeBack(await decide(asked, { granted: [ads] }));
    expect(half.headers['location']).toContain('refused=scope');
    const again = await start({ type: 'google-ads', connectionId });
    await comeBack(await decide(again, { granted: [scope, ads] }));
    const found = (await listed()).find(({ id }) => id === connectionId);
    expect(found?.scopes).toEqual(expect.arrayContaining([scope, ads]));
  });

  it('works once: its state cannot be used again', async () => {
    const url = await decide(await start());
    expect((await comeBack(url)).status).toBe(302);
    expect((await comeBack(url)).body).toMatchObject({ status: 400, code: 'invalid_input' });
  });

  it('belongs to the session that began it', async () => {
    const url = await decide(await start());
    const another = await gateway.signIn(gateway.acme.email);
    expect((await comeBack(url, another)).body).toMatchObject({ status: 400 });
    const foreign = await gateway.signIn(gateway.globex.email);
    expect((await comeBack(url, foreign)).body).toMatchObject({ status: 400 });
    expect((await comeBack(url)).status).toBe(302);
  });

  it('is asked of people alone, and leads nowhere but to this site', async () => {
    const asked = { type: 'google-analytics', returnTo: '/p/1' };
    const byKey = await gateway.as(gateway.acme, 'startConsent', { provider: 'google' }).query(asked);
    expect(byKey.body).toMatchObject({ status: 403 });
    for (const returnTo of ['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example']) {
      const away = await gateway
        .call('startConsent', { provider: 'google' })
        .set('Cookie', cookie)
        .query({ ...asked, returnTo });
      expect(away.status).toBe(400);
    }
    expect((await gateway.call('endConsent', { provider: 'google' }).query({ state: 'x' })).status).toBe(401);
  });

  it('of another kind of provider is refused for this connector', async () => {
    const answer = await gateway
      .call('startConsent', { provider: 'meta' })
      .set('Cookie', cookie)
      .query({ type: 'google-analytics', returnTo: '/p/1' });
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_input' });
  });
});

describe('a connection', () => {
  const ask = (connectionId: string, config: object = {}) => ({
    type: 'google-analytics',
    connectionId,
    config,
  });

  it('lets its properties be chosen from, and a source be checked and added', async () => {
    const id = await connect();
    const found = discoverResult.parse((await gateway.as(gateway.acme, 'discoverSource').send(ask(id))).body);
    expect(found.choices.length).toBeGreaterThan(1);
    const propertyId = found.choices[0]?.value ?? '';
    const check = await gateway.as(gateway.acme, 'checkSource').send(ask(id, { propertyId }));
    expect(check.body).toMatchObject({ ok: true });
    const added = await gateway
      .as(gateway.acme, 'createSource', gateway.acme)
      .send({ ...ask(id, { propertyId }), name: 'GA', streams: ['traffic'], firstWindowDays: 30 });
    expect(source.parse(added.body)).toMatchObject({ connection: { id }, firstWindowDays: 30 });
    expect(
      source
        .parse(added.body)
        .streams.filter(({ enabled }) => enabled)
        .map(({ name }) => name),
    ).toEqual(['traffic']);
    const removal = await gateway.as(gateway.acme, 'deleteConnection', { id });
    expect(removal.body).toMatchObject({
      status: 409,
      code: 'has_dependents',
      dependents: { sources: [{ name: 'GA' }] },
    });
  });

  it('is another organization’s secret', async () => {
    const id = await connect();
    const { body } = await gateway.as(gateway.globex, 'discoverSource').send(ask(id));
    expect(body).toMatchObject({ status: 404 });
    expect((await gateway.as(gateway.globex, 'deleteConnection', { id })).status).toBe(404);
    const theirs = page(connection).parse((await gateway.as(gateway.globex, 'listConnections')).body);
    expect(theirs.items).toEqual([]);
  });

  it('whose consent was revoked says so, and is mended by consent again', async () => {
    const id = await connect();
    google.revoke(account);
    google.expireTokens();
    const { body } = await gateway.as(gateway.acme, 'discoverSource').send(ask(id));
    expect(body).toMatchObject({
      code: 'source_unauthorized',
      action: expect.stringContaining('Reconnect') as string,
    });
    expect((await listed()).find((each) => each.id === id)).toMatchObject({ status: 'needs_reconnect' });
    expect(await connect({ connectionId: id })).toBe(id);
    expect((await listed()).find((each) => each.id === id)).toMatchObject({
      status: 'active',
      statusReason: null,
    });
    expect((await gateway.as(gateway.acme, 'discoverSource').send(ask(id))).status).toBe(200);
  });

  it('without sources can be forgotten, its consent given back', async () => {
    const id = await connect();
    expect((await gateway.as(gateway.acme, 'deleteConnection', { id })).status).toBe(204);
    expect((await listed()).some((each) => each.id === id)).toBe(false);
    expect(google.requests.some(({ path }) => path === '/revoke')).toBe(true);
  });

  it('of keys is checked by its connector, and used instead of typing them again', async () => {
    const bad = await gateway
      .as(gateway.acme, 'createConnection')
      .send({ type: 'klaviyo', name: 'Shop', credentials: {} });
    expect(bad.body).toMatchObject({ status: 400, errors: [{ path: 'credentials.apiKey' }] });
    const made = await gateway
      .as(gateway.acme, 'createConnection')
      .send({ type: 'klaviyo', name: 'Shop', credentials: { apiKey: 'pk_sandbox_key' } });
    const { id } = connection.parse(made.body);
    const other = await gateway.as(gateway.acme, 'checkSource').send(ask(id, { propertyId: '1' }));
    expect(other.body).toMatchObject({ status: 400, code: 'invalid_input' });
  });
});
