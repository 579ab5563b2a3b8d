import { lineage, proof, verifiedProof, whyAnswer } from '@freshet/contracts';
import { ControlPlane, listModels, loadAsOf, loadContainment } from '@freshet/persistence';
import { usePostgres, useRedis } from '@freshet/testing';
import { Containment } from '../lineage/containment';
import { useGateway } from '../testing/gateway-under-test';
import { addRow, addSyncedSource, publishVersion, type StandInSource } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
let source: StandInSource;
let daily: string;
let total: string;
let chartId: string;
let dashboardId: string;

beforeAll(async () => {
  source = await addSyncedSource(gateway, gateway.acme, 'ga');
  const create = async (name: string, sql: string): Promise<string> =>
    (await gateway.as(gateway.acme, 'createModel', gateway.acme).send({ name, sql })).body.id;
  daily = await create('daily', 'select visits from ga.traffic');
  total = await create('total', 'select sum(visits) as visits from daily');
  await publishVersion(gateway, daily, 1, 'select 10::bigint as visits', { [`t:${source.streamId}`]: 1 });
  await publishVersion(gateway, total, 1, 'select 10::numeric as visits', { [`m:${daily}`]: 1 });
  await gateway.postgres.pool.query(
    `update app.model_version set guards = '[{"guard": "not_empty", "ok": true, "message": "", "severity": "block"}]' where model_id = $1`,
    [total],
  );
  const made = await gateway.as(gateway.acme, 'createDashboard', gateway.acme).send({
    name: 'Visits', charts: [{ title: 'Visits in all', type: 'kpi', sql: 'select visits from total', layout: { x: 0, y: 0, w: 3, h: 2 } }],
  }); // prettier-ignore
  dashboardId = made.body.id;
  chartId = made.body.charts[0].id;
});

const ask = (name: 'proof' | 'why', query: object) =>
  gateway.as(gateway.acme, name, gateway.acme).query(query);
const tokenOf = (link: string): string => new URL(link).searchParams.get('token') ?? '';
const verify = (token: string, tenant = gateway.acme) => gateway.as(tenant, 'verifyProof').query({ token });

describe('the lineage of a project', () => {
  it('leads from sources over tables and models to dashboards, each with how it stands', async () => {
    const { nodes, edges } = lineage.parse((await gateway.as(gateway.acme, 'lineage', gateway.acme)).body);
    expect(nodes.map(({ key, name, freshness }) => [key, name, freshness])).toEqual([
      [`source:${source.sourceId}`, 'ga', 'fresh'],
      [`table:${source.streamId}`, 'ga.traffic', 'fresh'],
      [`model:${daily}`, 'daily', 'fresh'],
      [`model:${total}`, 'total', 'fresh'],
      [`dashboard:${dashboardId}`, 'Visits', 'fresh'],
    ]);
    expect(edges).toEqual([
      { from: `model:${daily}`, to: `model:${total}` },
      { from: `model:${total}`, to: `dashboard:${dashboardId}` },
      { from: `source:${source.sourceId}`, to: `table:${source.streamId}` },
      { from: `table:${source.streamId}`, to: `model:${daily}` },
    ]);
    expect(nodes.find(({ name }) => name === 'daily')).toMatchObject({ status: 'COMPLETED', owed: false });
  });

  it('of a thousand models is there in a moment', async () => {
    const { projectId, organizationId } = gateway.globex;
    await gateway.postgres.pool.query(
      `with made as (
         insert into app.data_model (organization_id, project_id, name, sql, published_version, built_vector)
         select $1, $2, 'm' || n, 'select 1 as n', 1, '{"d": 1, "f": 0}' from generate_series(1, 1000) n returning id, organization_id, project_id),
       versions as (
         insert into app.model_version (model_id, version, organization_id, project_id, state, columns, row_count, bytes, content_hash, vector, refresh_id)
         select id, 1, organization_id, project_id, 'live', '[]', 1, 1, 'x', case when id > (select min(id) from made) then jsonb_build_object('m:' || (id - 1), 1) else '{}' end, 1 from made)
       insert into app.model_input (model_id, organization_id, kind, input_id)
       select id, organization_id, 'm', id - 1 from made where id > (select min(id) from made)`,
      [organizationId, projectId],
    );
    const began = performance.now();
    const answer = await gateway.as(gateway.globex, 'lineage', gateway.globex);
    expect(answer.body.nodes).toHaveLength(1_000);
    expect(performance.now() - began).toBeLessThan(2_000);
  }, 20_000);

  it('gives each model the as-of that it has by itself', async () => {
    const { system } = gateway.app.get(ControlPlane);
    const rows = await listModels(system, { projectId: gateway.acme.projectId, limit: 10 });
    const inputs = rows.map(({ id, version }) => ({ kind: 'm' as const, id, value: version }));
    const contained = new Containment(await loadContainment(system, inputs));
    for (const input of inputs) expect(contained.asOf([input])).toEqual(await loadAsOf(system, [input]));
  });
});

describe('the proof of a number', () => {
  it('names versions, sync runs and guards down to the tables', async () => {
    const answer = proof.parse((await ask('proof', { chartId })).body);
    expect(answer).toMatchObject({
      subject: { kind: 'chart', id: chartId, name: 'Visits in all' },
      versions: [
        {
          modelId: daily,
          name: 'daily',
          version: 1,
          rowCount: 1,
          contentHash: expect.any(String),
          guards: [],
        },
        { modelId: total, name: 'total', version: 1, guards: [{ guard: 'not_empty', ok: true }] },
      ],
      tables: [
        {
          streamId: source.streamId,
          name: 'ga.traffic',
          revision: 1,
          runId: expect.any(String),
          fetchedAt: expect.any(String),
        },
      ],
      asOf: [{ sourceId: source.sourceId }],
    });
  });

  it('is verified by its link, with what was signed, until another version is published', async () => {
    const { link, ...content } = proof.parse((await ask('proof', { modelId: total })).body);
    expect(link.startsWith(`${gateway.url}/api/proofs/verify?token=`)).toBe(true);
    const verified = verifiedProof.parse((await verify(tokenOf(link))).body);
    expect(verified).toEqual({ valid: true, signedAt: content.at, content, current: true });
    await publishVersion(gateway, total, 2, 'select 11::numeric as visits', { [`m:${daily}`]: 1 });
    expect(verifiedProof.parse((await verify(tokenOf(link))).body)).toMatchObject({
      current: false,
      content,
    });
  });

  it('is none when it was changed, is cut, or was never signed', async () => {
    const token = tokenOf((await ask('proof', { modelId: total })).body.link);
    const [packed = '', signature = ''] = token.split('.');
    const other = tokenOf((await ask('proof', { modelId: daily })).body.link).split('.')[0];
    const forged = [
      `${other}.${signature}`,
      `${packed}.${signature.slice(0, -2)}`,
      packed,
      `${packed}.`,
      'nonsense',
      '',
    ];
    for (const each of forged) expect((await verify(each)).status).toBe(404);
    expect((await gateway.as(gateway.acme, 'verifyProof')).status).toBe(404);
  });

  it('is shown to nobody outside its organization', async () => {
    const token = tokenOf((await ask('proof', { modelId: total })).body.link);
    expect((await verify(token, gateway.globex)).status).toBe(404);
    expect((await gateway.call('verifyProof').query({ token })).status).toBe(401);
  });
});

describe('why', () => {
  it('a model is as it is: a sentence, the chain, and which run moved its tables', async () => {
    const run = await addRow(gateway, gateway.acme, source);
    const answer = whyAnswer.parse((await ask('why', { modelId: total })).body);
    expect(answer.sentence).toMatch(/^total shows version 2\. Waits for daily/);
    expect(answer.models.map(({ name, depth, owed }) => [name, depth, owed])).toEqual([['total', 0, false], ['daily', 1, true]]); // prettier-ignore
    expect(answer.models[1]?.why).toContain('ga.traffic went 1 → 2');
    expect(answer.tables).toMatchObject([
      { name: 'ga.traffic', shown: 1, current: 2, movedBy: { runId: run, trigger: 'user' } },
    ]);
  });

  it('a chart is as it is names the model that holds it up', async () => {
    const answer = whyAnswer.parse((await ask('why', { chartId })).body);
    expect(answer.sentence).toBe(
      'Visits in all shows version 2 of total. daily is not up to date: Refreshing because: ga.traffic went 1 → 2.',
    );
    expect(answer.models.map(({ depth }) => depth)).toEqual([1, 2]);
  });

  it('is told of a model that was never built', async () => {
    const { id } = (
      await gateway.as(gateway.acme, 'createModel', gateway.acme).send({ name: 'new', sql: 'select 1 as n' })
    ).body;
    expect(whyAnswer.parse((await ask('why', { modelId: id })).body)).toMatchObject({
      sentence: expect.stringMatching(/^new has never been built\./),
      models: [{ version: null, owed: true, lastRefresh: null }],
    });
    expect((await ask('proof', { modelId: id })).body).toMatchObject({
      status: 422,
      code: 'input_not_built',
    });
  });
});

describe('whoever asks about', () => {
  it.each(['proof', 'why'] as const)('%s names one thing of the project, and their own', async (name) => {
    expect((await ask(name, {})).status).toBe(400);
    expect((await ask(name, { modelId: daily, chartId })).status).toBe(400);
    expect((await ask(name, { modelId: '999999' })).status).toBe(404);
    expect((await ask(name, { chartId: 'x' })).status).toBe(404);
    const foreign = await gateway.as(gateway.globex, name, gateway.globex).query({ modelId: daily });
    const elsewhere = await gateway.as(gateway.globex, name, gateway.acme).query({ modelId: daily });
    expect([foreign.status, elsewhere.status]).toEqual([404, 404]);
  });

  it('lineage sees their own projects alone', async () => {
    expect((await gateway.as(gateway.globex, 'lineage', gateway.acme)).status).toBe(404);
  });
});
