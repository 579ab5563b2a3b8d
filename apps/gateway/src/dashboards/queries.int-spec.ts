import { dashboard, dashboardData, dashboardSummary, page, queryResult } from '@freshet/contracts';
import { ControlPlane } from '@freshet/persistence';
import { TestClock, usePostgres, useRedis, waitFor } from '@freshet/testing';
import { Clock } from '@freshet/service-kit';
import { streamTable } from '@freshet/warehouse';
import { useGateway } from '../testing/gateway-under-test';
import { addRow, addSyncedSource, publishVersion, type StandInSource } from '../testing/stand-in-data';

const clock = new TestClock('2026-03-01T12:00:00Z') as TestClock & Clock;
const gateway = useGateway({ usePostgres, useRedis, clock });
let source: StandInSource;
let modelId: string;

beforeAll(async () => {
  source = await addSyncedSource(gateway, gateway.acme, 'ga');
  const created = await gateway
    .as(gateway.acme, 'createModel', gateway.acme)
    .send({ name: 'daily', sql: 'select day, visits from ga.traffic' });
  modelId = created.body.id;
  await publishVersion(
    gateway,
    modelId,
    1,
    `select date '2026-01-01' as day, 10::bigint as visits, 1.50::numeric(10,2) as price, now() at time zone 'UTC' as at`,
    { [`t:${source.streamId}`]: 1 },
  );
});

const ask = async (sql: string, more: object = {}) => {
  const answer = await gateway.as(gateway.acme, 'runQuery', gateway.acme).send({ sql, ...more });
  return {
    status: answer.status,
    body: answer.body,
    result: answer.status === 200 ? queryResult.parse(answer.body) : undefined,
  };
};

describe('a query', () => {
  it('tells its columns, rows, the versions it read and the runs these contain', async () => {
    const { result } = await ask('select day, visits, price from daily');
    expect(result).toMatchObject({
      columns: [
        { name: 'day', type: 'date' },
        { name: 'visits', type: 'bigint' },
        { name: 'price', type: 'numeric(10,2)' },
      ],
      rows: [['2026-01-01', '10', '1.50']],
      versions: { [modelId]: 1 },
      source: 'live',
      truncated: false,
      warnings: [],
    });
    expect(result?.asOf).toMatchObject([
      { sourceId: source.sourceId, completedAt: expect.stringMatching(/Z$/) },
    ]);
  });

  it('takes parameters', async () => {
    expect((await ask('select visits + $1::int as n from daily', { params: [5] })).result?.rows).toEqual([
      ['15'],
    ]);
  });

  it('comes from the cache the second time, and never when it is to be fresh', async () => {
    const sql = 'select count(*) as days from ga.traffic';
    expect((await ask(sql)).result).toMatchObject({ rows: [['2']], source: 'live' });
    expect((await ask(sql)).result).toMatchObject({ rows: [['2']], source: 'cache' });
    expect((await ask(sql, { fresh: true })).result).toMatchObject({ rows: [['2']], source: 'live' });
  });

  it('never gives rows of an earlier revision or version from the cache', async () => {
    const sql = 'select count(*) as days from ga.traffic';
    await ask(sql);
    const runId = await addRow(gateway, gateway.acme, source);
    const after = await ask(sql);
    expect(after.result).toMatchObject({ rows: [['3']], source: 'live', asOf: [{ toRunId: runId }] });

    const ofModel = 'select sum(visits) as visits from daily';
    expect((await ask(ofModel)).result).toMatchObject({ rows: [['10']] });
    await publishVersion(gateway, modelId, 2, `select date '2026-01-01' as day, 60::bigint as visits`, {
      [`t:${source.streamId}`]: 2,
    });
    expect((await ask(ofModel)).result).toMatchObject({
      rows: [['60']],
      source: 'live',
      versions: { [modelId]: 2 },
    });
  });

  it('says that a table changed while it was read, and is read again the next time', async () => {
    const waiting = 'select count(*) as days from ga.traffic where visits >= 0';
    const lock = await gateway.postgres.pool.connect();
    const table = `p_${gateway.acme.projectId}.${streamTable(source.streamId, 1)}`;
    await lock.query(`begin; lock table ${table} in access exclusive mode`);
    const reading = ask(waiting);
    await waitFor(async () => {
      const { rows } = await gateway.postgres.pool.query(
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return rows.length > 0;
    });
    await lock.query(`update app.stream set revision = revision + 1 where id = $1`, [source.streamId]);
    await lock.query('commit');
    lock.release();
    expect((await reading).result).toMatchObject({
      source: 'live',
      warnings: [expect.stringContaining('ga.traffic changed while it was read')],
    });
    expect((await ask(waiting)).result).toMatchObject({ source: 'live', warnings: [] });
    expect((await ask(waiting)).result).toMatchObject({ source: 'cache', warnings: [] });
  });

  it('shows a later as-of also when the rows come from the cache', async () => {
    const sql = 'select max(visits) as most from ga.traffic';
    const first = await ask(sql);
    await gateway.app.get(ControlPlane).system.rows(
      `with run as (insert into app.sync_run (organization_id, project_id, source_id, status, trigger, why, completed_at, correlation_id)
         select organization_id, project_id, id, 'completed', 'user', 'nothing changed', now(), 'x' from app.data_source where id = $1 returning id, organization_id)
       insert into app.sync_run_stream (run_id, stream_id, organization_id, status, from_revision, to_revision)
       select run.id, s.id, run.organization_id, 'completed', s.revision, s.revision from run, app.stream s where s.id = $2`,
      [source.sourceId, source.streamId],
    );
    const second = await ask(sql);
    expect(second.result?.source).toBe('cache');
    expect(Number(second.result?.asOf[0]?.toRunId)).toBeGreaterThan(Number(first.result?.asOf[0]?.toRunId));
  });

  it('that depends on the clock is kept for 30 seconds only', async () => {
    const sql = 'select count(*) as n from daily where day < now()';
    await ask(sql);
    expect((await ask(sql)).result?.source).toBe('cache');
    await clock.advance(30_001);
    expect((await ask(sql)).result?.source).toBe('live');
  });

  it('is run once for many who ask at the same time', async () => {
    const sql = 'select count(*) as n from ga.traffic a, ga.traffic b';
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(sql)));
    expect(new Set(answers.map(({ result }) => result?.generatedAt)).size).toBe(1);
  });

  it.each([
    ['select * from missing', 'sql_refused', 14],
    ['select nothing from daily', 'sql_failed', 7],
    ['delete from daily', 'sql_refused', 0],
  ])('%s is refused with a code and the place', async (sql, code, position) => {
    expect(await ask(sql)).toMatchObject({ status: 422, body: { code, position } });
  });

  it("can not read another organization's tables, whatever it names", async () => {
    const { rows } = await gateway.postgres.pool.query(
      `select 'p_' || project_id || '.m_' || id || '_v2' as physical from app.data_model where id = $1`,
      [modelId],
    );
    const answer = await gateway
      .as(gateway.globex, 'runQuery', gateway.globex)
      .send({ sql: `select * from ${rows[0].physical}` });
    expect(answer.status).toBe(422);
  });

  it('over a model that has not been built says so', async () => {
    await gateway
      .as(gateway.acme, 'createModel', gateway.acme)
      .send({ name: 'unbuilt', sql: 'select 1 as one' });
    expect(await ask('select * from unbuilt')).toMatchObject({
      status: 422,
      body: { code: 'input_not_built' },
    });
  });
});

describe('a dashboard', () => {
  const chart = (title: string, sql: string) => ({
    title,
    type: 'kpi',
    sql,
    layout: { x: 0, y: 0, w: 3, h: 2 },
  });
  const create = (body: object) => gateway.as(gateway.acme, 'createDashboard', gateway.acme).send(body);

  it("keeps its charts, knows its models, and loads all from one set of versions with each chart's own error", async () => {
    const created = await create({
      name: 'Überblick',
      charts: [
        chart('Visits', 'select sum(visits) as visits from daily'),
        chart('Broken', 'select 1 / (visits - 60) as n from daily'),
      ],
    });
    expect(created.status).toBe(201);
    const made = dashboard.parse(created.body);
    expect(made).toMatchObject({
      slug: 'uberblick',
      chartCount: 2,
      revision: 1,
      models: [{ id: modelId, name: 'daily' }],
    });

    const loaded = dashboardData.parse(
      (await gateway.as(gateway.acme, 'loadDashboard', { id: made.id })).body,
    );
    const [visits, broken] = made.charts.map(({ id }) => loaded.results[id]);
    expect(loaded.versions).toEqual({ [modelId]: 2 });
    expect(visits).toMatchObject({ rows: [['60']], versions: { [modelId]: 2 } });
    expect(broken).toMatchObject({
      error: { code: 'sql_failed', message: expect.stringContaining('ivision by zero') },
    });

    const one = await gateway
      .as(gateway.acme, 'loadDashboard', { id: made.id })
      .send({ charts: [made.charts[0]?.id] });
    expect(Object.keys(one.body.results)).toEqual([made.charts[0]?.id]);
  });

  it('is changed only by who saw its present state, and charts keep their ids', async () => {
    const made = dashboard.parse(
      (await create({ name: 'Sales', charts: [chart('A', 'select 1 as a'), chart('B', 'select 2 as b')] }))
        .body,
    );
    const [a] = made.charts;
    const update = (revision: string, body: object) =>
      gateway.as(gateway.acme, 'updateDashboard', { id: made.id }).set('If-Match', revision).send(body);
    expect((await update('"7"', { name: 'Late' })).status).toBe(412);

    const renamed = dashboard.parse((await update('"1"', { name: 'Revenue' })).body);
    expect([renamed.name, renamed.revision, renamed.charts.length]).toEqual(['Revenue', 2, 2]);

    const changed = await update('"2"', {
      charts: [{ ...a, title: 'A, better' }, chart('C', 'select 3 as c')],
    });
    expect(changed.headers['etag']).toBe('"3"');
    expect(
      changed.body.charts.map(({ id, title }: { id: string; title: string }) => [id === a?.id, title]),
    ).toEqual([
      [true, 'A, better'],
      [false, 'C'],
    ]);
  });

  it('names the chart whose query can not be', async () => {
    const answer = await create({
      name: 'Wrong',
      charts: [chart('A', 'select 1 as a'), chart('B', 'select * from nowhere')],
    });
    expect(answer.body).toMatchObject({
      status: 422,
      code: 'sql_refused',
      errors: [{ path: 'charts.1.sql' }],
    });
  });

  it('is listed without its charts and gone when deleted', async () => {
    const made = await create({ name: 'Short-lived' });
    const listed = page(dashboardSummary).parse(
      (await gateway.as(gateway.acme, 'listDashboards', gateway.acme)).body,
    );
    expect(listed.items.map(({ id }) => id)).toContain(made.body.id);
    expect((await gateway.as(gateway.acme, 'deleteDashboard', { id: made.body.id })).status).toBe(204);
    expect((await gateway.as(gateway.acme, 'getDashboard', { id: made.body.id })).status).toBe(404);
  });
});
