import { claimDueSources } from '@freshet/persistence';
import { startStandIn, type StandIn } from '@freshet/testing';
import { dayConnector } from './testing/day-connector';
import { refusal } from './testing/day-vendor';
import { useSync } from './testing/use-sync';

/** Hands out access tokens t1, t2, … for the refresh token, unless the grant was revoked. */
let provider: StandIn;
let issued = 0;
let revoked = false;
beforeAll(async () => {
  provider = await startStandIn(async ({ body }) => {
    const right = new URLSearchParams(body).get('refresh_token') === 'r1' && !revoked;
    if (!right) return { status: 400, body: { error: 'invalid_grant' } };
    return { status: 200, body: { access_token: `t${++issued}`, token_type: 'Bearer', expires_in: 3_600 } };
  });
});
afterAll(() => provider.close());

const sync = useSync(() => ({
  FRESHET_GOOGLE_CLIENT_ID: 'client',
  FRESHET_GOOGLE_CLIENT_SECRET: 'secret',
  FRESHET_GOOGLE_OAUTH_URL: provider.url,
}));

const hour = 3_600_000;

const connect = async (
  grant: { accessToken: string; expiresAt: number },
  kind = 'google',
): Promise<string> => {
  const { id } = await sync.row<{ id: string }>(
    `insert into app.connection (organization_id, provider, name, created_by) values ($1, $2, 'Ours', 'test') returning id`,
    [sync.ids.organizationId, kind],
  );
  const secrets = kind === 'google' ? { ...grant, refreshToken: 'r1', scopes: ['a'] } : null;
  const sealed = sync.secrets.seal(JSON.stringify(secrets), `${sync.ids.organizationId}/connection/${id}`);
  await sync.row('update app.connection set secrets = $2 where id = $1', [id, Buffer.from(sealed)]);
  return id;
};
const connection = (id: string) =>
  sync.row<{ status: string; status_reason: string | null }>(
    'select status, status_reason from app.connection where id = $1',
    [id],
  );
/** The vendor takes this token and no other. */
const takeOnly = (token: () => string): void => {
  sync.vendor.mood = ({ headers }) => {
    if (headers.authorization !== `Bearer ${token()}`) throw refusal(401, 'who_are_you');
  };
};
const inAnHour = (): number => sync.clock.now().getTime() + hour;

describe('a source that is connected by consent', () => {
  beforeAll(() => {
    sync.connectors.set('google-days', dayConnector({ provider: 'google', scopes: ['a'] }));
  });
  beforeEach(() => {
    [issued, revoked] = [0, false];
    provider.requests.length = 0;
    sync.vendor.sales = [{ id: '1', day: '2026-03-09', amount: '1' }];
  });
  const source = (connectionId: string) => sync.addSource(['sales'], { type: 'google-days', connectionId });

  it('is read with the token that is there while that is young', async () => {
    const id = await connect({ accessToken: 't0', expiresAt: inAnHour() });
    takeOnly(() => 't0');
    expect(await sync.runRow(await sync.sync(await source(id)))).toMatchObject({ status: 'completed' });
    expect(provider.requests).toEqual([]);
  });

  it('renews a token before it ends, and one that is refused, and keeps the new one sealed', async () => {
    const id = await connect({ accessToken: 't0', expiresAt: sync.clock.now().getTime() + 60_000 });
    takeOnly(() => 't1');
    const made = await source(id);
    expect(await sync.runRow(await sync.sync(made))).toMatchObject({ status: 'completed' });
    expect(sync.vendor.requests.map(({ status }) => status)).not.toContain(401);
    takeOnly(() => 't2');
    expect(await sync.runRow(await sync.sync(made))).toMatchObject({ status: 'completed' });
    expect(provider.requests).toHaveLength(2);
    const { secrets } = await sync.row<{ secrets: Buffer }>(
      'select secrets from app.connection where id = $1',
      [id],
    );
    const [, , sealed = ''] = secrets.toString().split('.');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toMatch(/accessToken|refreshToken/);
    expect(sync.secrets.open(secrets.toString(), `${sync.ids.organizationId}/connection/${id}`)).toContain(
      '"t2"',
    );
  });

  it('renews once for all sources of a connection that find it too old at once, in whichever process', async () => {
    const id = await connect({ accessToken: 't0', expiresAt: 0 });
    takeOnly(() => 't1');
    const runs = await Promise.all(Array.from({ length: 6 }, async () => sync.request(await source(id))));
    const outcomes = await Promise.all(runs.map((runId) => sync.run(runId, sync.newProcess())));
    expect([...new Set(outcomes)]).toEqual(['completed']);
    expect(provider.requests).toHaveLength(1);
  });

  it('needs its owner when the consent was revoked midway; its schedule rests, and what was read stays', async () => {
    const id = await connect({ accessToken: 't0', expiresAt: inAnHour() });
    sync.vendor.sales = [4, 5, 6, 7, 8, 9].map((day) => ({
      id: String(day),
      day: `2026-03-0${day}`,
      amount: '1',
    }));
    const [made, sibling] = [await source(id), await source(id)];
    const due = new Date(sync.clock.now().getTime() - 1_000);
    await sync.row('update app.data_source set next_run_at = $2 where connection_id = $1', [id, due]);
    let slices = 0;
    sync.vendor.mood = ({ path }) => {
      if (path !== '/sales' || ++slices < 2) return;
      revoked = true;
      throw refusal(401, 'who_are_you');
    };
    const runId = await sync.sync(made);
    expect(await sync.runRow(runId)).toMatchObject({
      status: 'failed',
      error: {
        code: 'source_unauthorized',
        message: expect.stringContaining('revoked'),
        action: expect.stringContaining('Reconnect'),
      },
    });
    expect(await connection(id)).toEqual({
      status: 'needs_reconnect',
      status_reason: expect.stringContaining('revoked'),
    });
    const told = await sync.row(
      `select name from app.event where payload ->> 'id' = $1 and name = 'resource:changed' order by seq desc limit 1`,
      [sibling],
    );
    expect(told).toEqual({ name: 'resource:changed' });
    const dueNow = async () =>
      (await sync.plane.systemTransaction((sql) => claimDueSources(sql, sync.clock.now()))).map(
        (each) => each.id,
      );
    expect(await dueNow()).not.toContain(sibling);

    revoked = false;
    sync.vendor.forget();
    await sync.row(`update app.connection set status = 'active', status_reason = null where id = $1`, [id]);
    expect(await dueNow()).toContain(sibling);
    expect(await sync.runRow(await sync.sync(made))).toMatchObject({ status: 'completed' });
    expect(sync.vendor.slicesAsked[0]).toMatch(/^2026-03-06/);
  });

  it('keeps its connection when it is only this account that may not be read', async () => {
    const id = await connect({ accessToken: 't0', expiresAt: inAnHour() });
    sync.vendor.mood = ({ path }) => {
      if (path === '/sales') throw refusal(401, 'who_are_you');
    };
    expect(await sync.runRow(await sync.sync(await source(id)))).toMatchObject({
      error: { code: 'source_unauthorized' },
    });
    expect(await connection(id)).toMatchObject({ status: 'active' });
  });
});

describe('a source that is connected by a key', () => {
  it('needs its owner when the key is not taken any more', async () => {
    const id = await connect({ accessToken: '', expiresAt: 0 }, 'days');
    sync.vendor.mood = () => {
      throw refusal(401, 'who_are_you');
    };
    const made = await sync.addSource(['sales'], { connectionId: id });
    expect(await sync.runRow(await sync.sync(made))).toMatchObject({
      error: { action: 'Give another key.' },
    });
    expect(await connection(id)).toMatchObject({ status: 'needs_reconnect' });
  });
});
