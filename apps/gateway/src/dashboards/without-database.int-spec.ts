import { dashboardData, queryResult } from '@freshet/contracts';
import {
  startFaultProxy,
  TestClock,
  usePostgres,
  useRedis,
  waitFor,
  type FaultProxy,
} from '@freshet/testing';
import type { Clock } from '@freshet/service-kit';
import { LastGood } from './last-good';
import { useGateway } from '../testing/gateway-under-test';
import { addSyncedSource, publishVersion } from '../testing/stand-in-data';

const clock = new TestClock('2026-03-01T12:00:00Z') as TestClock & Clock;
let proxy: FaultProxy;
/** The gateway reaches PostgreSQL by way of a proxy only. */
const gateway = useGateway({
  useRedis,
  clock,
  env: { LOG_LEVEL: 'fatal' },
  usePostgres: () => {
    const postgres = usePostgres();
    afterAll(() => proxy.close());
    beforeAll(async () => {
      proxy = await startFaultProxy({ target: postgres.url });
    });
    return {
      get url() {
        return proxy.url;
      },
      get name() {
        return postgres.name;
      },
      get pool() {
        return postgres.pool;
      },
    };
  },
});

const sql = 'select sum(n) as n from counter';
let modelId: string;
let dashboardId: string;

beforeAll(async () => {
  const source = await addSyncedSource(gateway, gateway.acme, 'ga');
  const created = await gateway
    .as(gateway.acme, 'createModel', gateway.acme)
    .send({ name: 'counter', sql: 'select 1 as n' });
  modelId = created.body.id;
  await publishVersion(gateway, modelId, 1, 'select 1 as n', { [`t:${source.streamId}`]: 1 });
  const layout = { x: 0, y: 0, w: 3, h: 2 };
  const dashboard = await gateway.as(gateway.acme, 'createDashboard', gateway.acme).send({
    name: 'Overview',
    charts: [
      { title: 'Known', type: 'kpi', sql, layout },
      { title: 'Never loaded', type: 'kpi', sql: 'select max(n) as n from counter', layout },
    ],
  });
  dashboardId = dashboard.body.id;
  // Only the first chart is loaded while the database is there.
  const [first] = dashboard.body.charts;
  await gateway.as(gateway.acme, 'loadDashboard', { id: dashboardId }).send({ charts: [first.id] });
});

afterEach(async () => {
  await proxy.setMode({ kind: 'pass' });
  await waitFor(async () => (await ask(sql, true)).body.source === 'live');
});

const ask = (text = sql, fresh = false) =>
  gateway.as(gateway.acme, 'runQuery', gateway.acme).send({ sql: text, fresh });
const away = async (): Promise<void> => {
  await proxy.setMode({ kind: 'refuse' });
  proxy.resetAll();
};

describe('while the database can not be reached', () => {
  it('the last good result is shown, marked, with the time it is from', async () => {
    const before = queryResult.parse((await ask()).body);
    await away();
    const shown = queryResult.parse((await ask()).body);
    expect(shown).toMatchObject({
      source: 'fallback',
      rows: [['1']],
      generatedAt: before.generatedAt,
      versions: before.versions,
      asOf: before.asOf,
      warnings: [expect.stringContaining(before.generatedAt)],
    });
  });

  it('a dashboard shows what there is, and says of the rest why it is missing', async () => {
    await gateway.as(gateway.acme, 'loadDashboard', { id: dashboardId }).send({});
    await away();
    const { body } = await gateway.as(gateway.acme, 'loadDashboard', { id: dashboardId });
    const results = Object.values(dashboardData.parse(body).results);
    expect(results[0]).toMatchObject({ source: 'fallback', rows: [['1']] });
    await proxy.setMode({ kind: 'pass' });
  });

  it('what was never read can not be shown, and nor can what is not read', async () => {
    await away();
    expect((await ask('select n + 1 as n from counter')).body).toMatchObject({
      status: 503,
      code: 'unavailable',
    });
    expect((await gateway.as(gateway.acme, 'listDashboards', gateway.acme)).status).toBe(503);
  });

  it("another organization's result is not shown, nor anything to somebody who is not known", async () => {
    await gateway.as(gateway.globex, 'me');
    await away();
    const params = { projectId: gateway.acme.projectId };
    expect((await gateway.as(gateway.globex, 'runQuery', params).send({ sql })).status).toBe(503);
    const stranger = gateway.call('runQuery', gateway.acme).set('Authorization', 'Bearer fr_live_wrong');
    expect((await stranger.send({ sql })).status).toBe(503);
  });

  it('a gateway that was started anew finds results in Redis', async () => {
    await ask();
    const known = gateway.app.get(LastGood) as unknown as { results: { entries: Map<string, unknown> } };
    known.results.entries.clear();
    await away();
    expect((await ask()).body).toMatchObject({
      source: 'fallback',
      rows: [['1']],
      versions: { [modelId]: 1 },
    });
  });

  it('connections that hang are not waited for without end', async () => {
    await ask();
    await proxy.setMode({ kind: 'blackhole' });
    expect((await ask(sql, true)).body).toMatchObject({ source: 'fallback' });
    await proxy.setMode({ kind: 'pass' });
    proxy.resetAll();
  }, 20_000);
});

describe('while the database can be reached', () => {
  it('an error is shown as it is, whatever was good before', async () => {
    const failing = 'select 1 / (n - 1) as n from counter where n < 1000';
    await publishVersion(gateway, modelId, 2, 'select 3 as n', {});
    expect((await ask(failing)).body).toMatchObject({ source: 'live' });
    await publishVersion(gateway, modelId, 3, 'select 1 as n', {});
    expect((await ask(failing)).body).toMatchObject({ status: 422, code: 'sql_failed' });
  });

  it('one connection that breaks is no reason to show something old', async () => {
    await ask();
    proxy.resetAll();
    const answer = await waitFor(async () => {
      const { status, body } = await ask();
      expect(body.source).not.toBe('fallback');
      return status === 200 && body;
    });
    expect(answer.source).toMatch(/live|cache/);
  });
});
