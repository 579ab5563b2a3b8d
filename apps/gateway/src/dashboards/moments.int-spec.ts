import { dashboardData, defaults, queryResult } from '@freshet/contracts';
import { ControlPlane } from '@freshet/persistence';
import { usePostgres, useRedis, waitFor } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';
import { addRow, addSyncedSource, publishVersion, type StandInSource } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
let source: StandInSource;
const models: Record<string, string> = {};

const addModel = async (name: string): Promise<string> => {
  const created = await gateway
    .as(gateway.acme, 'createModel', gateway.acme)
    .send({ name, sql: 'select day, visits from ga.traffic' });
  return (models[name] = created.body.id);
};
const publish = (name: string, version: number, revision: number) =>
  publishVersion(gateway, models[name] ?? '', version, `select ${version} as n`, {
    [`t:${source.streamId}`]: revision,
  });
const ask = (sql: string, more: object = {}) =>
  gateway.as(gateway.acme, 'runQuery', gateway.acme).send({ sql, ...more });
const layout = { x: 0, y: 0, w: 3, h: 2 };
const load = async (queries: string[], more: object = {}) => {
  const charts = queries.map((sql) => ({ title: sql, type: 'kpi', sql, layout }));
  const { body } = await gateway
    .as(gateway.acme, 'createDashboard', gateway.acme)
    .send({ name: 'Some', charts });
  const loaded = await gateway.as(gateway.acme, 'loadDashboard', { id: body.id }).send(more);
  return { status: loaded.status, ...dashboardData.parse(loaded.body) };
};
/** As by another service; from then on this gateway knows of it, which would otherwise take it up to 100 ms. */
const elsewhere = async (sql: string, values: unknown[]): Promise<void> => {
  await gateway.app.get(ControlPlane).system.rows(sql, values);
};
/** A moment of the API is a whole millisecond: the next one, so that what was just done lies before it and what comes next after it. */
const now = async (): Promise<string> => {
  const { rows } = await gateway.postgres.pool.query<{ at: Date }>('select clock_timestamp() as at');
  const at = new Date(rows[0]!.at.getTime() + 1);
  await waitFor(() => Date.now() > at.getTime() + 1, { interval: 2, what: 'the moment to be over' });
  return at.toISOString();
};

beforeAll(async () => {
  source = await addSyncedSource(gateway, gateway.acme, 'ga');
  for (const name of ['daily', 'weekly']) await addModel(name);
});

describe('a dashboard as of an earlier moment', () => {
  let afterFirst: string;
  let afterSecond: string;

  beforeAll(async () => {
    await addModel('history');
    await publish('history', 1, 1);
    afterFirst = await now();
    await publish('history', 2, 1);
    afterSecond = await now();
    // Back to the first, as a rollback does.
    await elsewhere('update app.data_model set published_version = 1 where id = $1', [models['history']]);
  });

  it('shows the version that was published then, also when it was gone back from', async () => {
    const shown = async (asOf?: string) => (await ask('select n from history', { asOf })).body;
    expect(await shown(afterFirst)).toMatchObject({ rows: [[1]], versions: { [models['history']!]: 1 } });
    expect(await shown(afterSecond)).toMatchObject({ rows: [[2]], versions: { [models['history']!]: 2 } });
    expect(await shown()).toMatchObject({ rows: [[1]] });
    expect(await shown(await now())).toMatchObject({ rows: [[1]] });
  });

  it('says of each chart that reads a table directly that there is only its present state', async () => {
    const { results } = await load(['select n from history', 'select count(*) as n from ga.traffic'], {
      asOf: afterSecond,
    });
    expect(Object.values(results)).toMatchObject([
      { rows: [[2]] },
      { error: { code: 'not_kept', message: expect.stringContaining('ga.traffic is a table of a source') } },
    ]);
  });

  it('says from when on it is possible, when what was shown then is no longer kept', async () => {
    await publish('history', 3, 1);
    await elsewhere(`delete from app.model_version where model_id = $1 and version in (1, 2)`, [
      models['history'],
    ]);
    const { body } = await ask('select n from history', { asOf: afterFirst });
    const { keptFrom } = body;
    expect(body).toMatchObject({ status: 422, code: 'not_kept', keptFrom: expect.stringMatching(/Z$/) });
    expect(body.detail).toContain(`as of ${keptFrom} and later`);
    expect((await ask('select n from history', { asOf: keptFrom })).body).toMatchObject({ rows: [[3]] });
    expect((await ask('select n from history', { asOf: await now() })).body).toMatchObject({ rows: [[3]] });
  });

  it('before anything was published says so', async () => {
    const { body } = await ask('select n from history', { asOf: '2020-01-01T00:00:00Z' });
    expect(body).toMatchObject({ status: 422, code: 'not_kept' });
    expect(body.detail).toContain('history had not been published at 2020-01-01T00:00:00Z');
  });

  it("is nobody else's", async () => {
    const asked = gateway.as(gateway.globex, 'runQuery', gateway.acme);
    expect((await asked.send({ sql: 'select 1', asOf: afterSecond })).status).toBe(404);
  });
});

describe('charts that contain different runs of one source', () => {
  it('are marked with the models and their runs, until they agree again', async () => {
    await publish('daily', 1, 1);
    await publish('weekly', 1, 1);
    const queries = ['select n from daily', 'select n from weekly'];
    expect((await load(queries)).mixed).toBeNull();

    const runId = await addRow(gateway, gateway.acme, source);
    await publish('weekly', 2, 2);
    const { mixed, results } = await load(queries);
    expect(mixed?.sentence).toMatch(/daily contains run \d+, weekly contains run \d+/);
    expect(mixed?.sources).toMatchObject([
      {
        sourceId: source.sourceId,
        runs: [{ models: [models['daily']] }, { runId, models: [models['weekly']] }],
      },
    ]);
    // Each by itself is of one run.
    expect(Object.values(results)).toMatchObject([{ mixed: null }, { mixed: null }]);

    const joined = await ask('select daily.n from daily cross join weekly');
    expect(queryResult.parse(joined.body).mixed?.sentence).toBe(mixed?.sentence);

    await publish('daily', 2, 2);
    expect((await load(queries)).mixed).toBeNull();
  });
});

describe('limits', () => {
  it('cut rows off and say so', async () => {
    const { body } = await ask(`select n from generate_series(1, ${defaults.chart.rows + 1}) as t(n)`);
    expect(body).toMatchObject({
      truncated: true,
      warnings: ['Only the first 10,000 rows are shown. Aggregate or filter to see all.'],
    });
    expect(body.rows).toHaveLength(defaults.chart.rows);
  });

  it.each([
    ['too many bytes', `select repeat('x', 40 * 1024 * 1024) as x`, 'result_too_large'],
    [
      'too costly a query',
      'select count(*) as n from generate_series(1, 10000000) a, generate_series(1, 10000000) b',
      'sql_too_costly',
    ],
    ['a parameter that is missing', 'select $1::int as n', 'sql_refused'],
  ])('refuse %s with a problem', async (_, sql, code) => {
    const { body } = await ask(sql);
    expect(body).toMatchObject({ status: 422, code });
  });

  it("leave a dashboard's other charts alone", async () => {
    const { results } = await load(['select $1::int as n', 'select 7 as n']);
    expect(Object.values(results)).toMatchObject([{ error: { code: 'sql_refused' } }, { rows: [[7]] }]);
  });
});
