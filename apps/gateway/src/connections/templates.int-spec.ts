import { page, sourceTemplate, syncRun } from '@freshet/contracts';
import { startActBlue, usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';

const gateway = useGateway({ usePostgres, useRedis });
const hook = { user: 'freshet', password: 'a-long-hook-secret' };
let sourceId: string;

beforeAll(async () => {
  const { body } = await gateway.as(gateway.acme, 'createSource', gateway.acme).send({
    type: 'actblue',
    name: 'Donations',
    slug: 'donations',
    config: {},
    credentials: {
      clientUuid: 'u',
      clientSecret: 's',
      webhookUser: hook.user,
      webhookPassword: hook.password,
    },
  });
  sourceId = body.id;
});

const templates = async () =>
  page(sourceTemplate).parse((await gateway.as(gateway.acme, 'listTemplates', { id: sourceId })).body).items;
const add = (name: string) => gateway.as(gateway.acme, 'addTemplate', { id: sourceId, name });

/** As after a first sync. */
const loadAll = async (): Promise<void> => {
  const { pool } = gateway.postgres;
  const { rows } = await pool.query<{ id: string; name: string; schema: string }>(
    `select id::text, name, 'p_' || project_id as schema from app.stream where source_id = $1`,
    [sourceId],
  );
  for (const { id } of rows)
    await pool.query(`update app.stream set generation = 1, revision = 1 where id = $1`, [id]);
};

describe('a template', () => {
  it('waits for the streams that it reads', async () => {
    const [first] = await templates();
    expect(first).toMatchObject({ added: false, obstacle: expect.stringContaining('first sync') as string });
    expect((await add(first?.name ?? '')).body).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('of another organization’s source, or another vendor, is not there', async () => {
    expect((await gateway.as(gateway.globex, 'listTemplates', { id: sourceId })).status).toBe(404);
    await loadAll();
    expect((await add('overview-of-nothing')).status).toBe(404);
  });
});

describe('a webhook', () => {
  const send = (body: string, password = hook.password) =>
    gateway
      .call('receiveHook', { connector: 'actblue', sourceId })
      .set('Authorization', `Basic ${Buffer.from(`${hook.user}:${password}`).toString('base64')}`)
      .set('content-type', 'application/json')
      .send(body);

  it('is refused without the source’s own secret, and nobody learns which sources exist', async () => {
    const wrong = await send('{}', 'guessed');
    const nowhere = await gateway.call('receiveHook', { connector: 'actblue', sourceId: '999999' }).send({});
    expect([wrong.status, wrong.body.code]).toEqual([401, 'unauthenticated']);
    expect([nowhere.status, nowhere.body.code]).toEqual([401, 'unauthenticated']);
    const other = await gateway.call('receiveHook', { connector: 'klaviyo', sourceId }).send({});
    expect(other.status).toBe(401);
  });

  it('that makes no sense is refused with what is wrong, and nothing is kept of it', async () => {
    expect((await send('not JSON')).body).toMatchObject({ status: 400, code: 'invalid_input' });
    const { rows } = await gateway.postgres.pool.query('select 1 from app.hook_delivery');
    expect(rows).toEqual([]);
  });

  it('is kept until a run has loaded it, and asks for one run however often it comes', async () => {
    const vendor = await startActBlue();
    const url = `${gateway.url}/api/hooks/actblue/${sourceId}`;
    const items = vendor.paidOn(new Date().toISOString().slice(0, 10)).slice(0, 3);
    expect(await vendor.postDonation({ url, ...hook }, items)).toEqual(items.map(() => 200));
    await vendor.close();
    const { rows } = await gateway.postgres.pool.query(
      `select rows from app.hook_delivery where source_id = $1`,
      [sourceId],
    );
    expect(rows).toHaveLength(items.length);
    const runs = page(syncRun).parse(
      (await gateway.as(gateway.acme, 'listSourceRuns', { id: sourceId })).body,
    );
    expect(runs.items.filter(({ trigger }) => trigger === 'webhook')).toMatchObject([
      { status: 'queued', request: { hooks: true } },
    ]);
  });
});
