import { model, modelRows, modelVersion, page, previewResult } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';
import { addRow, addSyncedSource, publishVersion, type StandInSource } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
let source: StandInSource;
beforeAll(async () => {
  source = await addSyncedSource(gateway, gateway.acme, 'ga');
});

const create = (body: object) => gateway.as(gateway.acme, 'createModel', gateway.acme).send(body);
const get = async (id: string) => model.parse((await gateway.as(gateway.acme, 'getModel', { id })).body);

describe('a preview', () => {
  const preview = (body: object) => gateway.as(gateway.acme, 'previewModel', gateway.acme).send(body);

  it('gives the first rows and what the query reads', async () => {
    const answer = await preview({ sql: 'select * from ga.traffic order by day', limit: 1 });
    expect(previewResult.parse(answer.body)).toEqual({
      columns: [
        { name: 'day', type: 'date' },
        { name: 'visits', type: 'bigint' },
      ],
      rows: [['2026-01-01', '10']],
      upstream: {
        tables: [{ streamId: source.streamId, sourceId: source.sourceId, name: 'ga.traffic' }],
        models: [],
      },
      truncated: true,
    });
  });

  it('names the place of a mistake in the text as written', async () => {
    const answer = await preview({ sql: 'select day, vists from ga.traffic' });
    expect(answer.body).toMatchObject({ status: 422, code: 'sql_failed', position: 12 });
  });
});

describe('a model', () => {
  it('is created with its edges, owed at once, and says why', async () => {
    const answer = await create({ name: 'daily', sql: 'select day, visits from ga.traffic' });
    expect(answer.status).toBe(201);
    expect(model.parse(answer.body)).toMatchObject({
      name: 'daily',
      status: 'IDLE',
      owed: true,
      version: null,
      freshness: 'never',
      revision: 1,
      upstream: { tables: [{ name: 'ga.traffic' }], models: [] },
      inputs: [{ kind: 'table', name: 'ga.traffic', built: null, current: 1 }],
      why: expect.stringContaining('first build'),
    });
  });

  it('may read a model that has not been built, and shows in its downstream', async () => {
    const above = (await create({ name: 'base', sql: 'select visits from ga.traffic' })).body;
    const below = model.parse(
      (await create({ name: 'total', sql: 'select sum(visits) as visits from base' })).body,
    );
    expect(below.upstream.models).toEqual([{ id: above.id, name: 'base' }]);
    expect((await get(above.id)).downstream).toEqual([{ id: below.id, name: 'total' }]);
    expect(below.why).toMatch(/base/);
  });

  it('takes no name that is taken', async () => {
    expect((await create({ name: 'daily', sql: 'select 1 as a' })).body).toMatchObject({
      status: 409,
      code: 'name_taken',
    });
  });

  it('takes a name for one of those who ask for it at once, and refuses the others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => create({ name: 'wanted_by_all', sql: 'select 1 as n' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('is refused when it would close a circle, which is named', async () => {
    const a = (await create({ name: 'ring_a', sql: 'select 1 as n' })).body;
    await create({ name: 'ring_b', sql: 'select n from ring_a' });
    await create({ name: 'ring_c', sql: 'select n from ring_b' });
    const answer = await gateway
      .as(gateway.acme, 'updateModel', { id: a.id })
      .send({ sql: 'select n from ring_c' });
    expect(answer.body).toMatchObject({
      status: 409,
      code: 'cycle',
      cycle: ['ring_a', 'ring_c', 'ring_b', 'ring_a'],
    });
    expect((await get(a.id)).sql).toBe('select 1 as n');
  });

  it('is refused to one of two changes at once that would close a circle together', async () => {
    const pairs = [0, 1, 2, 3, 4, 5];
    const change = (id: string, sql: string) => gateway.as(gateway.acme, 'updateModel', { id }).send({ sql });
    const outcomes = await Promise.all(
      pairs.map(async (n) => {
        const a = (await create({ name: `left_${n}`, sql: 'select 1 as n' })).body;
        const b = (await create({ name: `right_${n}`, sql: 'select 1 as n' })).body;
        const answers = await Promise.all([
          change(a.id, `select n from right_${n}`),
          change(b.id, `select n from left_${n}`),
        ]);
        return answers.map(({ status }) => status).sort();
      }),
    );
    expect(outcomes).toEqual(pairs.map(() => [200, 409]));
  });

  it('shows version, as-of and rows once it was built, and what has moved since', async () => {
    const { id } = (await create({ name: 'built', sql: 'select day, visits from ga.traffic' })).body;
    await publishVersion(
      gateway,
      id,
      1,
      `select * from (values (date '2026-01-01', 10::bigint), (date '2026-01-02', 20)) v (day, visits)`,
      { [`t:${source.streamId}`]: 1 },
    );
    expect(await get(id)).toMatchObject({
      status: 'COMPLETED',
      owed: false,
      version: 1,
      rowCount: 2,
      freshness: 'fresh',
      asOf: [{ sourceId: source.sourceId }],
      columns: [{ name: 'day' }, { name: 'visits' }],
    });
    await addRow(gateway, gateway.acme, source);
    expect(await get(id)).toMatchObject({
      owed: true,
      why: expect.stringContaining('ga.traffic went 1 → 2'),
    });

    const versions = page(modelVersion).parse(
      (await gateway.as(gateway.acme, 'listModelVersions', { id })).body,
    );
    expect(versions.items).toMatchObject([{ version: 1, published: true, rowCount: 2 }]);
  });

  it('changes only what was sent, and its definition revision only with its definition', async () => {
    const { id } = (
      await create({ name: 'settings', sql: 'select 1 as n', autoRefresh: false, keepVersions: 7 })
    ).body;
    const update = (body: object, revision: number) =>
      gateway.as(gateway.acme, 'updateModel', { id }).set('If-Match', `"${revision}"`).send(body);
    const definitionRevision = async () =>
      (
        await gateway.postgres.pool.query(
          'select definition_revision as n from app.data_model where id = $1',
          [id],
        )
      ).rows[0].n;

    expect((await update({ keepVersions: 9 }, 1)).body).toMatchObject({
      autoRefresh: false,
      keepVersions: 9,
      revision: 2,
    });
    expect(await definitionRevision()).toBe(1);
    expect((await update({ sql: 'select 2 as n' }, 2)).body).toMatchObject({
      autoRefresh: false,
      keepVersions: 9,
      revision: 3,
    });
    expect(await definitionRevision()).toBe(2);
    expect((await update({ sql: 'select 3 as n' }, 2)).status).toBe(412);
    const { rows: written } = await gateway.postgres.pool.query(
      `select details from app.audit_entry where action = 'update' and subject_id = $1 order by id`,
      [id],
    );
    expect(written.map(({ details }) => details)).toEqual([
      { model: 'settings', changed: ['keepVersions'] },
      { model: 'settings', changed: ['sql'] },
    ]);
  });

  it('is deleted only when confirmed while something reads it', async () => {
    const { id } = (await create({ name: 'read_by_others', sql: 'select 1 as n' })).body;
    await create({ name: 'reader', sql: 'select n from read_by_others' });
    const refused = await gateway.as(gateway.acme, 'deleteModel', { id });
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'has_dependents',
      dependents: { models: [{ name: 'reader' }] },
    });
    expect((await gateway.as(gateway.acme, 'deleteModel', { id }).query({ confirm: 'true' })).status).toBe(
      204,
    );
    expect((await gateway.as(gateway.acme, 'getModel', { id })).status).toBe(404);
  });

  it('is listed page by page', async () => {
    const first = page(model).parse(
      (await gateway.as(gateway.acme, 'listModels', gateway.acme).query({ limit: 2 })).body,
    );
    const second = page(model).parse(
      (
        await gateway
          .as(gateway.acme, 'listModels', gateway.acme)
          .query({ limit: 200, after: first.nextCursor })
      ).body,
    );
    expect(first.items).toHaveLength(2);
    expect(second.nextCursor).toBeNull();
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(2 + second.items.length);
  });
});

describe('the rows of a model', () => {
  let id: string;
  beforeAll(async () => {
    id = (await create({ name: 'people', sql: 'select 1 as n' })).body.id;
    await publishVersion(
      gateway,
      id,
      1,
      `select n, 'name 100%' || n as label from generate_series(1, 25) n`,
      {},
    );
  });
  const rows = async (query: object) =>
    modelRows.parse((await gateway.as(gateway.acme, 'getModelRows', { id }).query(query)).body);

  it('come page by page, on one version also when another is published meanwhile', async () => {
    const first = await rows({ limit: 20 });
    await publishVersion(gateway, id, 2, `select 0 as n, 'new' as label`, {});
    const second = await rows({ limit: 20, after: first.nextCursor });
    expect([first.items.length, second.items.length, second.version, second.nextCursor]).toEqual([
      20,
      5,
      1,
      null,
    ]);
    expect((await rows({})).items).toEqual([[0, 'new']]);
  });

  it('can be sorted and searched, wildcards being ordinary characters', async () => {
    expect((await rows({ version: 1, sort: '-n', limit: 2 })).items.map(([n]) => n)).toEqual([25, 24]);
    expect((await rows({ version: 1, search: '100%2', limit: 50 })).items).toHaveLength(7);
    expect((await rows({ version: 1, search: '_' })).items).toHaveLength(0);
    expect(
      (await gateway.as(gateway.acme, 'getModelRows', { id }).query({ sort: 'n; drop table x' })).status,
    ).toBe(400);
  });

  it('of a version that is not there are 404', async () => {
    expect((await gateway.as(gateway.acme, 'getModelRows', { id }).query({ version: 99 })).status).toBe(404);
  });
});
