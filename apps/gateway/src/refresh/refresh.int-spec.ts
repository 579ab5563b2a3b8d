import { cascade, impact, page, refresh, refreshState } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';
import { addSyncedSource, publishVersion, type StandInSource } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis, env: { FRESHET_DEMO: '0' } });
let source: StandInSource;
const models: Record<string, string> = {};

beforeAll(async () => {
  source = await addSyncedSource(gateway, gateway.acme, 'ga');
  for (const [name, sql] of [['daily', 'select * from ga.traffic'], ['total', 'select sum(visits) as visits from daily'], ['aside', 'select 1 as n']]) {
    models[name ?? ''] = (await gateway.as(gateway.acme, 'createModel', gateway.acme).send({ name, sql })).body.id;
  } // prettier-ignore
  await publishVersion(
    gateway,
    models['daily'] ?? '',
    1,
    `select date '2026-01-01' as day, 1::bigint as visits`,
    { [`t:${source.streamId}`]: 1 },
  );
});

const id = (name: string): string => models[name] ?? '';
const ask = (name: string) => gateway.as(gateway.acme, 'refreshModel', { id: id(name) });

describe('asking for a refresh', () => {
  it('queues one, and joins it the next time', async () => {
    const first = await ask('daily');
    const second = await ask('daily');
    expect([first.status, first.body.joined, second.body]).toEqual([
      202,
      false,
      { refreshId: first.body.refreshId, joined: true },
    ]);
    const made = refresh.parse(
      (await gateway.as(gateway.acme, 'getRefresh', { id: first.body.refreshId })).body,
    );
    expect(made).toMatchObject({
      status: 'QUEUED',
      triggeredBy: 'api',
      principal: 'API key test',
      modelName: 'daily',
      why: 'API key test asked for it.',
    });
    const model = await gateway.as(gateway.acme, 'getModel', { id: id('daily') });
    expect(model.body).toMatchObject({ status: 'QUEUED', owed: true, activeRefreshId: first.body.refreshId });
  });

  it('is taken back by cancelling: the model is owed no longer', async () => {
    const { activeRefreshId } = (await gateway.as(gateway.acme, 'getModel', { id: id('daily') })).body;
    const cancelled = await gateway.as(gateway.acme, 'cancelRefresh', { id: activeRefreshId });
    expect(refresh.parse(cancelled.body).status).toBe('CANCELLED');
    expect((await gateway.as(gateway.acme, 'getModel', { id: id('daily') })).body).toMatchObject({
      owed: false,
      status: 'COMPLETED',
    });
  });

  it('is limited within an hour, and tells when it may be tried again', async () => {
    let answer = await ask('aside');
    for (let n = 0; n < 25 && answer.status === 202; n++) answer = await ask('aside');
    expect(answer.body).toMatchObject({
      status: 429,
      code: 'too_many_requests',
      limit: 20,
      retryAt: expect.any(String),
    });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('a cascade by hand', () => {
  it('refreshes every model below the source, those above first', async () => {
    const started = await gateway.as(gateway.acme, 'refreshBelowSource', { sourceId: source.sourceId });
    expect([started.status, started.body.models]).toEqual([202, [id('daily'), id('total')]]);
    const made = cascade.parse(
      (await gateway.as(gateway.acme, 'getCascade', { id: started.body.cascadeId })).body,
    );
    expect(made.items.map(({ modelName, state }) => [modelName, state])).toEqual([
      ['daily', 'waiting'],
      ['total', 'waiting'],
    ]);
    const listed = page(cascade).parse((await gateway.as(gateway.acme, 'listCascades', gateway.acme)).body);
    expect(listed.items.map((each) => each.id)).toContain(started.body.cascadeId);
  });
});

describe('what a change would bring about', () => {
  it('is told in order, with the time it took before and the dashboards', async () => {
    await gateway.as(gateway.acme, 'createDashboard', gateway.acme).send({
      name: 'Visits',
      charts: [
        { title: 'Visits', type: 'kpi', sql: 'select visits from total', layout: { x: 0, y: 0, w: 3, h: 2 } },
      ],
    });
    const answer = impact.parse(
      (await gateway.as(gateway.acme, 'impact', gateway.acme).query({ sourceId: source.sourceId })).body,
    );
    expect(answer).toMatchObject({
      models: [
        { name: 'daily', expectedMs: 40, expectedStartMs: 0, expectedEndMs: 40 },
        { name: 'total', expectedMs: null, expectedStartMs: 40, expectedEndMs: null },
      ],
      expectedMs: null,
      dashboards: [{ name: 'Visits' }],
    });
    const ofModel = await gateway.as(gateway.acme, 'impact', gateway.acme).query({ modelId: id('total') });
    expect(ofModel.body.models.map(({ name }: { name: string }) => name)).toEqual(['total']);
  });
});

describe('the state of refreshing', () => {
  it('counts what runs, waits and is owed', async () => {
    const state = refreshState.parse((await gateway.as(gateway.acme, 'refreshStatus')).body);
    expect(state).toMatchObject({
      running: 0,
      queued: 3,
      failed: 0,
      owed: 3,
      workers: 0,
      status: 'degraded',
    });
    expect((await gateway.as(gateway.globex, 'refreshStatus')).body).toMatchObject({ queued: 0, owed: 0 });
  });

  it('counts the same of one model, and knows no other organization’s', async () => {
    const of = (tenant: typeof gateway.acme, name: string) =>
      gateway.as(tenant, 'modelRefreshStatus', { modelId: id(name) });
    expect(refreshState.parse((await of(gateway.acme, 'daily')).body)).toMatchObject({ queued: 1, owed: 1 });
    await gateway.postgres.pool.query(`update app.data_model set last_error = '{}' where id = $1`, [
      id('total'),
    ]);
    const [daily, total] = [await of(gateway.acme, 'daily'), await of(gateway.acme, 'total')];
    expect([daily.body.failed, total.body.failed]).toEqual([0, 1]);
    expect((await of(gateway.globex, 'daily')).status).toBe(404);
  });

  it('keeps a history of all, and of each model, newest first', async () => {
    const all = page(refresh).parse((await gateway.as(gateway.acme, 'refreshHistory')).body);
    const one = page(refresh).parse(
      (await gateway.as(gateway.acme, 'modelRefreshHistory', { modelId: id('daily') })).body,
    );
    expect(all.items.map((each) => Number(each.id))).toEqual(
      all.items.map((each) => Number(each.id)).sort((a, b) => b - a),
    );
    expect(one.items.map(({ status }) => status)).toEqual(['QUEUED', 'CANCELLED']);
    expect((await gateway.as(gateway.globex, 'refreshHistory')).body.items).toEqual([]);
  });
});
