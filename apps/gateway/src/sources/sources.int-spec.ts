import {
  checkResult,
  connector,
  discoverResult,
  page,
  source,
  sourceTable,
  syncRun,
} from '@freshet/contracts';
import { Bus } from '@freshet/bus';
import { startFileServer, usePostgres, useRedis, type FileServer } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';
import { addSyncedSource } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
let files: FileServer;
beforeAll(async () => {
  files = await startFileServer();
  files.serve('/stocks.csv', 'symbol,price\nMSFT,10.5\nAAPL,20\n');
});
afterAll(() => files.close());

const file = (path = '/stocks.csv') => ({ type: 'file', config: { url: files.url + path } });
const create = (body: object) => gateway.as(gateway.acme, 'createSource', gateway.acme).send(body);

describe('connectors', () => {
  it('are listed with what they need', async () => {
    const listed = page(connector).parse((await gateway.as(gateway.acme, 'listConnectors')).body);
    expect(listed.items.map(({ type, auth }) => `${type}: ${auth}`)).toEqual(
      expect.arrayContaining(['file: none', 'google-analytics: oauth2', 'klaviyo: key']),
    );
    expect(listed.items.find(({ type }) => type === 'file')).toMatchObject({
      description: expect.stringContaining('CSV'),
      configSchema: { properties: { url: {} } },
      oauth: null,
    });
    // Not registered here, so that consent can't be asked for yet.
    expect(listed.items.find(({ type }) => type === 'meta-ads')?.oauth).toMatchObject({ ready: false });
  });

  it('test a connection step by step', async () => {
    const good = checkResult.parse((await gateway.as(gateway.acme, 'checkSource').send(file())).body);
    const bad = checkResult.parse(
      (await gateway.as(gateway.acme, 'checkSource').send(file('/gone.csv'))).body,
    );
    expect([good.ok, bad.ok]).toEqual([true, false]);
  });

  it('refuse a config that can not be, naming the field', async () => {
    const answer = await gateway.as(gateway.acme, 'checkSource').send({ type: 'file', config: { url: 5 } });
    expect(answer.body).toMatchObject({
      status: 400,
      code: 'invalid_input',
      errors: [{ path: 'config.url' }],
    });
  });

  it('tell what there is, with a few rows to look at', async () => {
    const found = discoverResult.parse((await gateway.as(gateway.acme, 'discoverSource').send(file())).body);
    expect(found.streams[0]?.columns.map(({ name }) => name)).toEqual(['symbol', 'price']);
    expect(found.streams[0]?.sample).toEqual([
      ['MSFT', '10.5'],
      ['AAPL', '20'],
    ]);
  });
});

describe('a source', () => {
  it('is added with its streams, and its first sync is asked for', async () => {
    const created = await create({ ...file(), name: 'Stock Prices!' });
    expect(created.status).toBe(201);
    const made = source.parse(created.body);
    expect(made).toMatchObject({
      slug: 'stock_prices',
      status: 'running',
      freshness: 'never',
      lastSyncAt: null,
      revision: 1,
    });
    expect(made.streams).toHaveLength(1);
    const runs = page(syncRun).parse(
      (await gateway.as(gateway.acme, 'listSourceRuns', { id: made.id })).body,
    );
    expect(runs.items).toMatchObject([
      { id: made.activeRunId, status: 'queued', trigger: 'api', records: { inserted: 0 } },
    ]);
    const jobs = await gateway.app.get(Bus).queue('sync').getJobs();
    expect(jobs.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ runId: made.activeRunId, sourceId: made.id }),
    );
  });

  it('gets another slug when its own is taken, unless it asked for that one', async () => {
    await create({ ...file(), name: 'Twice' });
    expect((await create({ ...file(), name: 'Twice' })).body.slug).toBe('twice_2');
    expect((await create({ ...file(), name: 'Twice', slug: 'twice' })).body).toMatchObject({
      status: 409,
      code: 'name_taken',
    });
  });

  it('is added also while Redis is away', async () => {
    await gateway.redis.kill9();
    const created = await create({ ...file(), name: 'Without Redis' });
    await gateway.redis.restart();
    expect([created.status, created.body.status]).toEqual([201, 'running']);
  });

  it('syncs once for equal asks', async () => {
    const { id } = (await create({ ...file(), name: 'Joined' })).body;
    const joined = await gateway.as(gateway.acme, 'startSync', { id }).send({});
    const other = await gateway.as(gateway.acme, 'startSync', { id }).send({ full: true });
    expect([joined.status, joined.body.joined, other.body.joined]).toEqual([202, true, false]);
  });

  it('keeps its schedule, and knows when it runs next', async () => {
    const { id } = (await create({ ...file(), name: 'Scheduled' })).body;
    const update = (body: object) => gateway.as(gateway.acme, 'updateSource', { id }).send(body);
    const daily = source.parse(
      (await update({ schedule: { kind: 'daily', at: '02:00', timeZone: 'Europe/Berlin' } })).body,
    );
    expect(Date.parse(daily.nextRunAt ?? '')).toBeGreaterThan(Date.now());
    const renamed = source.parse((await update({ name: 'Renamed' })).body);
    expect(renamed).toMatchObject({ name: 'Renamed', schedule: daily.schedule, revision: 3 });
    expect((await update({ schedule: { kind: 'cron', cron: 'whenever', timeZone: 'UTC' } })).status).toBe(
      400,
    );
  });

  it('tells its tables', async () => {
    const { sourceId } = await addSyncedSource(gateway, gateway.acme, 'ga');
    const tables = page(sourceTable).parse(
      (await gateway.as(gateway.acme, 'listSourceTables', { id: sourceId })).body,
    );
    expect(tables.items).toMatchObject([{ stream: 'traffic', table: 'ga.traffic', revision: 1 }]);
  });

  it('is deleted only when confirmed while a model reads it', async () => {
    const { sourceId } = await addSyncedSource(gateway, gateway.acme, 'doomed');
    const reader = await gateway
      .as(gateway.acme, 'createModel', gateway.acme)
      .send({ name: 'of_doomed', sql: 'select * from doomed.traffic' });
    const refused = await gateway.as(gateway.acme, 'deleteSource', { id: sourceId });
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'has_dependents',
      dependents: { models: [{ name: 'of_doomed' }] },
      tables: [{ table: 'doomed.traffic' }],
    });
    expect(
      (await gateway.as(gateway.acme, 'deleteSource', { id: sourceId }).query({ confirm: 'true' })).status,
    ).toBe(204);
    expect((await gateway.as(gateway.acme, 'getSource', { id: sourceId })).status).toBe(404);
    const { rows } = await gateway.postgres.pool.query('select 1 from app.retired_table');
    expect(rows).toHaveLength(1);
    const frozen = await gateway.as(gateway.acme, 'getModel', { id: reader.body.id });
    expect(frozen.body.why).toContain(
      'doomed.traffic, which it reads, was deleted, so it keeps its last version',
    );
    const audit = await gateway.postgres.pool.query(
      `select action, details from app.audit_entry where subject_kind = 'source' and subject_id = $1`,
      [sourceId],
    );
    expect(audit.rows).toMatchObject([{ action: 'delete', details: { source: 'doomed' } }]);
  });
});

describe('a sync run', () => {
  it('that only waits ends at once when it is cancelled', async () => {
    const { activeRunId: id } = (await create({ ...file(), name: 'Cancelled' })).body;
    const cancelled = await gateway.as(gateway.acme, 'cancelSyncRun', { id });
    expect(syncRun.parse(cancelled.body)).toMatchObject({
      status: 'cancelled',
      completedAt: expect.stringMatching(/Z$/),
    });
    expect((await gateway.as(gateway.acme, 'cancelSyncRun', { id })).body.status).toBe('cancelled');
  });

  it('tells which rows it could not load', async () => {
    const { streamId } = await addSyncedSource(gateway, gateway.acme, 'rejecting');
    const { rows } = await gateway.postgres.pool.query(
      `insert into app.sync_reject (organization_id, run_id, stream_id, row_number, reason, raw)
       select organization_id, run_id, stream_id, n, 'Not a number.', 'x' from app.sync_run_stream, generate_series(1, 3) n where stream_id = $1 returning run_id`,
      [streamId],
    );
    const first = await gateway.as(gateway.acme, 'listRejects', { id: rows[0].run_id }).query({ limit: 2 });
    expect(first.body.items).toEqual(
      [1, 2].map((row) => ({ stream: 'traffic', row, reason: 'Not a number.', raw: 'x' })),
    );
    expect(
      (
        await gateway
          .as(gateway.acme, 'listRejects', { id: rows[0].run_id })
          .query({ after: first.body.nextCursor })
      ).body.items,
    ).toHaveLength(1);
  });
});

it('the organization is as fresh as its worst source', async () => {
  expect((await gateway.as(gateway.acme, 'syncStatus')).body).toEqual({
    lastSyncAt: null,
    status: 'never',
    isStale: true,
  });
  await addSyncedSource(gateway, gateway.globex, 'only');
  expect((await gateway.as(gateway.globex, 'syncStatus')).body).toMatchObject({
    lastSyncAt: expect.stringMatching(/Z$/),
    status: 'fresh',
    isStale: false,
  });
});
