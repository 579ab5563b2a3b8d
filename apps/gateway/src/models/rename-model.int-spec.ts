import { model, renameRepair } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';
import { addSyncedSource, publishVersion } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
beforeAll(async () => {
  await addSyncedSource(gateway, gateway.acme, 'ga');
});

const create = async (name: string, sql: string, more: object = {}) =>
  model.parse(
    (await gateway.as(gateway.acme, 'createModel', gateway.acme).send({ name, sql, ...more })).body,
  );
const get = async (id: string) => model.parse((await gateway.as(gateway.acme, 'getModel', { id })).body);
const rename = (id: string, name: string, repair = false) =>
  gateway
    .as(gateway.acme, 'updateModel', { id })
    .query(repair ? { repair: 'true' } : {})
    .send({ name });
const definitionOf = async (id: string) =>
  (
    await gateway.postgres.pool.query('select definition_revision as n from app.data_model where id = $1', [
      id,
    ])
  ).rows[0].n;

describe('renaming a model', () => {
  it('that nobody reads needs nothing else', async () => {
    const { id } = await create('alone', 'select visits from ga.traffic');
    expect((await rename(id, 'by_itself')).body).toMatchObject({
      name: 'by_itself',
      repaired: { models: [], charts: [] },
    });
  });

  it('that others read is refused, with those who do', async () => {
    const { id } = await create('read', 'select visits from ga.traffic');
    const reader = await create('reads_it', 'select sum(visits) as n from read');
    const guarding = await create('guards_by_it', 'select 1 as n', {
      guards: [{ kind: 'sql', sql: 'select * from guards_by_it where n > (select count(*) from read)' }],
    });
    const { body } = await rename(id, 'other');
    expect(body).toMatchObject({
      status: 409,
      code: 'has_dependents',
      action: expect.stringContaining('repair=true'),
    });
    expect(body.dependents.models.map((each: { id: string }) => each.id).sort()).toEqual(
      [reader.id, guarding.id].sort(),
    );
    expect((await get(id)).name).toBe('read');
  });

  it('writes the new name into models, guards and charts when asked to, and nothing is built anew', async () => {
    const above = await create('daily', 'select visits from ga.traffic', {
      guards: [{ kind: 'sql', sql: 'select * from daily where visits < 0' }],
    });
    const reader = await create('weekly', 'select daily.visits from daily');
    const guarding = await create('guarded', 'select 1 as n', {
      guards: [{ kind: 'sql', sql: 'select 1 from daily where false' }],
    });
    await publishVersion(gateway, above.id, 1, 'select 1::bigint as visits', {});
    await publishVersion(gateway, reader.id, 1, 'select 1::bigint as visits', { [`m:${above.id}`]: 1 });
    const made = (await gateway.as(gateway.acme, 'createDashboard', gateway.acme).send({
      name: 'Visits', charts: [{ title: 'Visits', type: 'kpi', sql: 'select visits from daily', layout: { x: 0, y: 0, w: 3, h: 2 } }],
    })).body; // prettier-ignore
    const { body } = await rename(above.id, 'daily_visits', true);
    expect(renameRepair.parse(body.repaired)).toEqual({
      models: expect.arrayContaining([
        { id: reader.id, name: 'weekly' },
        { id: guarding.id, name: 'guarded' },
      ]),
      charts: [{ id: made.charts[0].id, title: 'Visits', dashboardId: made.id }],
    });
    expect(body.guards[0].sql).toBe('select * from daily_visits where visits < 0');
    expect(await get(reader.id)).toMatchObject({
      sql: 'select daily.visits from daily_visits AS daily',
      owed: false,
      revision: reader.revision + 1,
      upstream: { models: [{ id: above.id, name: 'daily_visits' }] },
    });
    expect((await get(guarding.id)).guards[0]?.sql).toBe('select 1 from daily_visits where false');
    expect([await definitionOf(above.id), await definitionOf(reader.id)]).toEqual([1, 1]);
    const dashboard = (await gateway.as(gateway.acme, 'getDashboard', { id: made.id })).body;
    expect([dashboard.charts[0].sql, dashboard.revision]).toEqual([
      'select visits from daily_visits',
      made.revision + 1,
    ]);
    const answer = await gateway
      .as(gateway.acme, 'runQuery', gateway.acme)
      .send({ sql: dashboard.charts[0].sql });
    expect(answer.body.rows).toEqual([['1']]);
  });

  it('changes nothing when the new name means something else in one of the queries', async () => {
    const { id } = await create('source_of_two', 'select visits from ga.traffic');
    const first = await create('first_reader', 'select visits from source_of_two');
    await create('second_reader', 'with taken as (select 1 as n) select n, visits from taken, source_of_two');
    expect((await rename(id, 'taken', true)).body).toMatchObject({ status: 409, code: 'conflict' });
    expect([(await get(id)).name, (await get(first.id)).sql]).toEqual([
      'source_of_two',
      'select visits from source_of_two',
    ]);
  });

  it('is written down', async () => {
    const { id } = await create('before', 'select 1 as n');
    await rename(id, 'after');
    const { rows } = await gateway.postgres.pool.query(
      `select action, details from app.audit_entry where subject_id = $1 and subject_kind = 'model'`,
      [id],
    );
    expect(rows).toMatchObject([{ action: 'rename', details: { from: 'before', to: 'after' } }]);
  });
});

describe("a model's guard with a query of its own", () => {
  it('is refused when it may not run, saying which one', async () => {
    const answer = await gateway.as(gateway.acme, 'createModel', gateway.acme).send({
      name: 'badly_guarded', sql: 'select 1 as n', guards: [{ kind: 'not_empty' }, { kind: 'sql', sql: 'select * from nowhere' }],
    }); // prettier-ignore
    expect(answer.body).toMatchObject({
      status: 422,
      code: 'sql_refused',
      errors: [{ path: 'guards.1.sql' }],
    });
  });
});

describe('a model whose input was deleted', () => {
  it('was named before, also when only a guard reads it', async () => {
    const { id } = await create('guarding_input', 'select 1 as n');
    await create('guarded_by', 'select 1 as n', {
      guards: [
        { kind: 'sql', sql: 'select * from guarded_by where n not in (select n from guarding_input)' },
      ],
    });
    const refused = await gateway.as(gateway.acme, 'deleteModel', { id });
    expect(refused.body).toMatchObject({
      code: 'has_dependents',
      dependents: { models: [{ name: 'guarded_by' }] },
    });
  });

  it('keeps its last version and says why it is frozen', async () => {
    const above = await create('goes', 'select visits from ga.traffic');
    const below = await create('stays', 'select visits from goes');
    await publishVersion(gateway, above.id, 1, 'select 1::bigint as visits', {});
    await publishVersion(gateway, below.id, 1, 'select 7::bigint as visits', { [`m:${above.id}`]: 1 });
    await gateway.as(gateway.acme, 'deleteModel', { id: above.id }).query({ confirm: 'true' });
    expect(await get(below.id)).toMatchObject({
      version: 1,
      why: expect.stringContaining('goes, which it reads, was deleted'),
    });
    const rows = await gateway.as(gateway.acme, 'getModelRows', { id: below.id });
    expect(rows.body.items).toEqual([['7']]);
  });
});

describe('shadow mode', () => {
  it('ends at a time in the future, and is part of the model', async () => {
    const { id } = await create('compared', 'select 1 as n', {
      mode: 'shadow',
      shadowUntil: '2999-01-01T00:00:00.000Z',
    });
    expect(await get(id)).toMatchObject({
      mode: 'shadow',
      shadowUntil: '2999-01-01T00:00:00.000Z',
      why: expect.stringContaining('shadow mode'),
    });
    const past = await gateway
      .as(gateway.acme, 'updateModel', { id })
      .send({ shadowUntil: '2001-01-01T00:00:00.000Z' });
    expect(past.body).toMatchObject({ status: 400, errors: [{ path: 'shadowUntil' }] });
    const live = await gateway.as(gateway.acme, 'updateModel', { id }).send({ mode: 'live' });
    expect(model.parse(live.body)).toMatchObject({ mode: 'live', shadowUntil: null, owed: true });
  });
});
