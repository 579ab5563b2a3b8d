import { addedTemplate, dashboard, model, page, sourceTemplate, syncRun } from '@freshet/contracts';
import { startActBlue, usePostgres, useRedis } from '@freshet/testing';
import { useGateway, type Tenant } from '../testing/gateway-under-test';

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

describe('a template over two sources', () => {
  const today = async () => (await templates()).find(({ name }) => name === 'today');
  const addToday = (body?: object) => {
    const call = add('today');
    return body === undefined ? call : call.send(body);
  };

  /** A source of Meta Ads as after its first sync. */
  const addAds = async (
    slug: string,
    { streams = ['insights_hourly', 'campaigns'], generation = 1, paused = false, of = gateway.acme } = {},
  ): Promise<string> => {
    const { organizationId, projectId } = of satisfies Tenant;
    const { rows } = await gateway.postgres.pool.query<{ id: string }>(
      `insert into app.data_source (organization_id, project_id, type, name, slug, config, account, schedule)
       values ($1, $2, 'meta-ads', $3, $4, '{}', $5, $6) returning id::text`,
      [
        organizationId,
        projectId,
        `Ads ${slug}`,
        slug,
        { name: slug, timeZone: 'America/Los_Angeles', currency: 'USD' },
        { kind: 'manual', timeZone: 'UTC', paused },
      ],
    );
    const id = rows[0]?.id ?? '';
    for (const name of streams)
      await gateway.postgres.pool.query(
        `insert into app.stream (organization_id, project_id, source_id, name, mode, generation, revision, columns)
         values ($1, $2, $3, $4, 'upsert', $5::int, 1, '[]')`,
        [organizationId, projectId, id, name, generation],
      );
    return id;
  };

  it('says which source is missing, and is not added without it', async () => {
    const sentence = 'It also reads a Meta Ads source: connect one in this project.';
    expect(await today()).toMatchObject({
      obstacle: sentence,
      beside: [{ as: 'ads', type: 'meta-ads', connector: 'Meta Ads', choices: [], chosen: null }],
    });
    expect((await addToday()).body).toMatchObject({ status: 409, code: 'conflict', detail: sentence });
  });

  it('waits for the other source’s streams, named with its name', async () => {
    const id = await addAds('ads_off', { streams: ['campaigns'], paused: true });
    expect((await today())?.obstacle).toMatch(
      /^It reads insights_hourly of Ads ads_off, which is not synced/,
    );
    const later = await addAds('ads_later', { generation: 0 });
    expect(await today()).toMatchObject({
      obstacle: expect.stringMatching(/of Ads ads_later, which have no table yet/) as string,
      beside: [{ choices: [{ id }, { id: later }], chosen: later }],
    });
    expect((await addToday({ with: { ads: id } })).body.detail).toMatch(/Ads ads_off, which is not synced/);
    await gateway.postgres.pool.query(`update app.data_source set deleted_at = now() where id = any($1)`, [
      [id, later],
    ]);
  });

  it('refuses what is no source to read beside it', async () => {
    const elsewhere = await addAds('ads_globex', { of: gateway.globex });
    for (const foreign of [elsewhere, '999999', 'x'])
      expect((await addToday({ with: { ads: foreign } })).body).toMatchObject({
        status: 404,
        code: 'not_found',
        detail: 'The source to read as “ads” does not exist, or not in this project.',
      });
    const { body: other } = await gateway.as(gateway.acme, 'createSource', gateway.acme).send({
      type: 'actblue',
      name: 'Other donations',
      slug: 'other',
      config: {},
      credentials: { clientUuid: 'u', clientSecret: 's' },
    });
    expect((await addToday({ with: { ads: other.id } })).body).toMatchObject({
      status: 400,
      detail: 'Other donations is not a Meta Ads source.',
    });
    expect((await addToday({ with: { mail: other.id } })).body).toMatchObject({
      status: 400,
      errors: [{ path: 'with.mail' }],
    });
  });

  it('reads the source that was named, or else the oldest that is not paused', async () => {
    const paused = await addAds('ads_paused', { paused: true });
    const oldest = await addAds('ads_main');
    const named = await addAds('ads_second');
    expect(await today()).toMatchObject({
      obstacle: null,
      beside: [{ choices: [{ id: paused }, { id: oldest }, { id: named }], chosen: oldest }],
    });
    const modelsOf = async (answer: { status: number; body: unknown }): Promise<string[]> => {
      expect(answer.status).toBe(201);
      const { models } = addedTemplate.parse(answer.body);
      const found = await Promise.all(
        models.map(async ({ id }) => model.parse((await gateway.as(gateway.acme, 'getModel', { id })).body)),
      );
      return [...new Set(found.flatMap(({ upstream }) => upstream.tables.map(({ name }) => name)))].sort();
    };
    const added = await addToday({ with: { ads: named } });
    expect(await modelsOf(added)).toEqual([
      'ads_second.campaigns',
      'ads_second.insights_hourly',
      'donations.contributions',
      'donations.refunds',
    ]);
    const [{ id = '' } = {}] = addedTemplate.parse(added.body).dashboards;
    const board = dashboard.parse((await gateway.as(gateway.acme, 'getDashboard', { id })).body);
    expect(board.name).toBe('Today · Donations');
    expect(board.description).toContain('America/Los_Angeles');
    expect(JSON.stringify(board.charts)).not.toMatch(/\{(source|ads)/);
    expect(await today()).toMatchObject({ added: true });

    for (const { id: modelId } of addedTemplate.parse(added.body).models.toReversed())
      await gateway.postgres.pool.query(`update app.data_model set deleted_at = now() where id = $1`, [
        modelId,
      ]);
    expect(await modelsOf(await addToday())).toContain('ads_main.insights_hourly');
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
