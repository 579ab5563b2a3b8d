import { me, routes, type Route, type RouteName } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { password, useGateway } from '../testing/gateway-under-test';

const gateway = useGateway({ usePostgres, useRedis });
const everyRoute = Object.entries(routes) as [RouteName, Route][];

describe('signing in', () => {
  it('sets a cookie that scripts and other sites do not get, and says who is there', async () => {
    const answer = await gateway.call('signIn').send({ email: 'ANNA@acme.example', password });
    expect(answer.status).toBe(200);
    expect(me.parse(answer.body)).toMatchObject({
      kind: 'user',
      email: gateway.acme.email,
      organization: { id: gateway.acme.organizationId, name: 'acme', role: 'owner' },
      projects: [{ id: gateway.acme.projectId }],
    });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^freshet_session=[\w-]{43};/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).not.toMatch(/Secure/);
  });

  it('marks the cookie as secure behind TLS', async () => {
    const answer = await gateway
      .call('signIn')
      .set('X-Forwarded-Proto', 'https')
      .send({ email: gateway.acme.email, password });
    expect(String(answer.headers['set-cookie'])).toMatch(/Secure/);
  });

  it('stores only the hash of the session', async () => {
    const cookie = await gateway.signIn(gateway.acme.email);
    const token = cookie.split('=')[1] ?? '';
    const { rows } = await gateway.postgres.pool.query('select token_hash from app.session');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ token_hash }) => token_hash.toString().includes(token))).toBe(false);
  });

  it('answers a wrong password and an unknown address alike', async () => {
    const wrong = await gateway.call('signIn').send({ email: gateway.acme.email, password: 'wrong' });
    const unknown = await gateway.call('signIn').send({ email: 'nobody@acme.example', password: 'wrong' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.body).toEqual(unknown.body);
  });

  it('ends with signing out', async () => {
    const cookie = await gateway.signIn(gateway.acme.email);
    expect((await gateway.call('me').set('Cookie', cookie)).status).toBe(200);
    const out = await gateway.call('signOut').set('Cookie', cookie);
    expect([out.status, String(out.headers['set-cookie'])]).toEqual([
      204,
      expect.stringContaining('freshet_session=;'),
    ]);
    expect((await gateway.call('me').set('Cookie', cookie)).status).toBe(401);
  });

  it('counts no longer when its time is over', async () => {
    const cookie = await gateway.signIn(gateway.acme.email);
    await gateway.postgres.pool.query(`update app.session set expires_at = now() - interval '1 second'`);
    expect((await gateway.call('me').set('Cookie', cookie)).status).toBe(401);
  });

  it('from another site is refused, also with the right password', async () => {
    const answer = await gateway
      .call('signIn')
      .set('Origin', 'https://evil.example')
      .send({ email: gateway.acme.email, password });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });
});

describe('what another process takes away', () => {
  /** Asks until it is refused; when the last request was sent that was not, in milliseconds after the change. */
  async function lastAccepted(change: string, values: unknown[], credentials: Record<string, string>) {
    const ask = async () => (await gateway.call('me').set(credentials)).status;
    expect(await ask()).toBe(200);
    expect(await ask()).toBe(200);
    await gateway.postgres.pool.query(change, values);
    const changedAt = performance.now();
    let last = Number.NEGATIVE_INFINITY;
    for (;;) {
      const sentAt = performance.now();
      if ((await ask()) !== 200) return last;
      last = sentAt - changedAt;
      expect(last).toBeLessThan(100);
    }
  }

  it('a session is refused 100 ms later at the latest', async () => {
    const cookie = await gateway.signIn(gateway.acme.email);
    const revoke = 'update app.session set revoked_at = now() where revoked_at is null';
    expect(await lastAccepted(revoke, [], { Cookie: cookie })).toBeLessThan(100);
  });

  it('so is an API key', async () => {
    const { body } = await gateway.as(gateway.acme, 'createApiKey').send({ name: 'short-lived' });
    const revoke = 'update app.api_key set revoked_at = now() where id = $1';
    expect(await lastAccepted(revoke, [body.id], { Authorization: `Bearer ${body.key}` })).toBeLessThan(100);
  });

  it('so is a person who is no longer a member', async () => {
    const cookie = await gateway.signIn(gateway.globex.email);
    const { organizationId } = gateway.globex;
    const leave = 'delete from app.membership where organization_id = $1';
    expect(await lastAccepted(leave, [organizationId], { Cookie: cookie })).toBeLessThan(100);
    await gateway.postgres.pool.query(
      `insert into app.membership (organization_id, user_id, role) select $1, id, 'owner' from app.app_user where email = $2`,
      [organizationId, gateway.globex.email],
    );
  });
});

describe('without credentials', () => {
  const guarded = everyRoute.filter(([, route]) => route.access !== 'anybody');

  it.each(guarded.map(([name]) => name))('%s is 401 before its input is looked at', async (name) => {
    const answer = await gateway
      .call(name, {
        id: 'x',
        projectId: 'x',
        sourceId: 'x',
        modelId: 'x',
        from: 'x',
        to: 'x',
        provider: 'google',
        name: 'x',
        connector: 'file',
      }) // prettier-ignore
      .send('not even JSON');
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
  });
});

describe('another organization', () => {
  it('is 404 in every call that names something of it', async () => {
    const { globex } = gateway;
    const ids = {
      projectId: globex.projectId,
      id: '999999',
      sourceId: '999999',
      modelId: '999999',
      from: '1',
      to: '2',
      name: 'overview',
    };
    // Consent is about the caller's own session, and what vendors send is trusted by its own secret: both have tests of their own.
    const others: RouteName[] = ['startConsent', 'endConsent', 'receiveHook'];
    for (const [name, route] of everyRoute) {
      if (!route.path.includes(':') || others.includes(name)) continue;
      const body = validBodies[name];
      const answer = await gateway
        .as(gateway.acme, name, ids)
        .query(validQueries[name] ?? {})
        .send(body);
      expect([name, answer.status]).toEqual([name, 404]);
    }
  });

  it('is 404 also for ids that no id looks like', async () => {
    expect((await gateway.as(gateway.acme, 'getSource', { id: `1' or '1'='1` })).status).toBe(404);
    expect((await gateway.as(gateway.acme, 'getSource', { id: '99999999999999999999999' })).status).toBe(404);
  });
});

describe('a session', () => {
  it('can not be used for changes by a page of another site', async () => {
    const cookie = await gateway.signIn(gateway.acme.email);
    const forged = await gateway
      .call('createProject')
      .set('Cookie', cookie)
      .set('Origin', 'https://evil.example')
      .send({ name: 'Forged' });
    const older = await gateway
      .call('createProject')
      .set('Cookie', cookie)
      .set('Sec-Fetch-Site', 'cross-site')
      .send({ name: 'Forged' });
    expect([forged.status, older.status]).toEqual([403, 403]);
    const own = await gateway
      .call('createProject')
      .set('Cookie', cookie)
      .set('Origin', gateway.url)
      .send({ name: 'Own' });
    expect(own.status).toBe(201);
  });
});

describe('an API key', () => {
  it('is shown once, works, and ends when it is revoked', async () => {
    const created = await gateway.as(gateway.acme, 'createApiKey').send({ name: 'Reports' });
    expect(created.body).toMatchObject({
      name: 'Reports',
      key: expect.stringMatching(/^fr_live_/),
      expiresAt: null,
    });
    const listed = await gateway.as(gateway.acme, 'listApiKeys');
    expect(JSON.stringify(listed.body)).not.toContain(created.body.key);
    const key = { ...gateway.acme, apiKey: created.body.key as string };
    expect((await gateway.as(key, 'me')).body).toMatchObject({
      kind: 'api_key',
      name: 'Reports',
      email: null,
    });
    expect((await gateway.as(gateway.acme, 'deleteApiKey', { id: created.body.id })).status).toBe(204);
    expect((await gateway.as(key, 'me')).status).toBe(401);
  });

  it('of one organization is not listed or revoked by another', async () => {
    const created = await gateway.as(gateway.acme, 'createApiKey').send({ name: 'Ours' });
    expect((await gateway.as(gateway.globex, 'deleteApiKey', { id: created.body.id })).status).toBe(404);
    const listed = await gateway.as(gateway.globex, 'listApiKeys');
    expect(listed.body.items.map(({ name }: { name: string }) => name)).not.toContain('Ours');
  });

  it('may not do more than its role', async () => {
    await gateway.postgres.pool.query(`update app.api_key set role = 'viewer' where organization_id = $1`, [
      gateway.globex.organizationId,
    ]);
    expect((await gateway.as(gateway.globex, 'listProjects')).status).toBe(200);
    expect((await gateway.as(gateway.globex, 'createProject').send({ name: 'More' })).status).toBe(403);
  });
});

const sql = 'select 1 as one';
const validBodies: Partial<Record<RouteName, object>> = {
  createSource: { type: 'file', name: 'Stocks', config: { url: 'http://127.0.0.1:1/stocks.csv' } },
  previewModel: { sql },
  createModel: { name: 'ones', sql },
  createDashboard: { name: 'Sales' },
  runQuery: { sql },
  rollbackModel: { version: 1 },
  promoteModel: { version: 1 },
};

/** Of routes that need something in their query. */
const validQueries: Partial<Record<RouteName, object>> = {
  impact: { sourceId: '1' },
  proof: { modelId: '1' },
  why: { modelId: '1' },
};
