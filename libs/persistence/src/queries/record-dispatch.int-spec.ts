import { usePostgres, waitFor } from '@freshet/testing';
import { ControlPlane } from '../control-plane';
import { prepareDatabase } from '../migrations/migrate';
import { findOpenWork } from './find-open-work';
import { recordDispatch, type DispatchRecord } from './record-dispatch';
import { requestRefresh } from './request-refresh';
import { startRefresh } from './start-refresh';
import { writeCascade } from './write-cascade';

const masterKey = 'a master key for tests, long enough to pass';

const blocked = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

describe('recording what the dispatcher decided', () => {
  let plane: ControlPlane;
  afterAll(() => plane?.close());
  const postgres = usePostgres();
  let organizationId: string;
  let projectId: string;
  let modelId: string;

  const row = async <T>(query: string, values: unknown[] = []): Promise<T> =>
    (await postgres.pool.query(query, values)).rows[0];
  const ask = () =>
    plane.systemTransaction((sql) =>
      requestRefresh(sql, {
        modelId,
        trigger: 'user',
        principal: 'Ana',
        why: 'Ana asked.',
        correlationId: 'test',
      }),
    );
  const plan = () =>
    plane.systemTransaction((sql) =>
      writeCascade(sql, {
        organizationId, projectId, sourceId: null, runId: null, why: 'Orders changed.', models: [{ id: modelId, why: 'Orders changed.' }],
      }),
    ); // prettier-ignore
  const record = (given: Partial<DispatchRecord>, open: DispatchRecord['open']): Promise<void> =>
    plane.systemTransaction((sql) =>
      recordDispatch(sql, {
        projectIds: [projectId], open, owedSince: [], ready: [], waiting: [], settled: [], endedAsks: [], ...given,
      }),
    ); // prettier-ignore
  const settled = () => [{ modelId, state: 'skipped' as const, sentence: 'Nothing changed.' }];
  const openWork = () => findOpenWork(plane.system, organizationId);

  beforeAll(async () => {
    const installation = postgres.name.slice(-8);
    await prepareDatabase({ databaseUrl: postgres.url, installation, masterKey });
    plane = await ControlPlane.open({ databaseUrl: postgres.url, installation, masterKey, poolSize: 3 });
    const id = async (query: string, values: unknown[]): Promise<string> =>
      (await row<{ id: string }>(query, values)).id;
    organizationId = await id(
      `insert into app.organization (name, slug) values ('Acme', 'acme') returning id`,
      [],
    );
    projectId = await id(
      `insert into app.project (organization_id, name, slug) values ($1, 'P', 'p') returning id`,
      [organizationId],
    );
  }, 60_000);
  beforeEach(async () => {
    const model = await row<{ id: string }>(
      `insert into app.data_model (organization_id, project_id, name, sql) values ($1, $2, 'm' || clock_timestamp()::text, 'SELECT 1') returning id`,
      [organizationId, projectId],
    );
    modelId = model.id;
  });

  it('ends requests and cascades of models that will not be refreshed, and says why', async () => {
    const refresh = await ask();
    const cascadeId = await plan();
    await record({ settled: settled() }, await openWork());
    await expect(
      row('select status, why from app.refresh where id = $1', [refresh?.refreshId]),
    ).resolves.toEqual({
      status: 'SKIPPED',
      why: 'Nothing changed.',
    });
    await expect(
      row('select completed_at is not null as over from app.cascade where id = $1', [cascadeId]),
    ).resolves.toEqual({ over: true });
  });

  it('writes into the history that a model of a cascade was passed over, and why, once', async () => {
    const cascadeId = await plan();
    for (let time = 0; time < 2; time++) await record({ settled: settled() }, await openWork());
    const { rows } = await postgres.pool.query(
      'select status, why, cascade_id, completed_at >= queued_at as over from app.refresh where model_id = $1',
      [modelId],
    );
    expect(rows).toEqual([{ status: 'SKIPPED', why: 'Nothing changed.', cascade_id: cascadeId, over: true }]);
  });

  it('has no second line in the history for a refresh that waited and is told the same', async () => {
    await plan();
    await record({ ready: [{ modelId, lastStartedAttempt: 0 }] }, await openWork());
    await record({ settled: settled() }, await openWork());
    await expect(
      row('select count(*)::int as n, min(status) as status from app.refresh where model_id = $1', [modelId]),
    ).resolves.toEqual({ n: 1, status: 'SKIPPED' });
  });

  it('ends a one-off ask that cannot be served, and leaves the live request', async () => {
    await ask();
    await plane.systemTransaction((sql) =>
      requestRefresh(sql, { modelId, kind: 'dry', trigger: 'user', principal: 'Ana', why: 'Ana asked.', correlationId: 'test' }),
    ); // prettier-ignore
    await record(
      { endedAsks: [{ modelId, kind: 'dry', sentence: 'An input was deleted.' }] },
      await openWork(),
    );
    const { rows } = await postgres.pool.query(
      'select kind, status from app.refresh where model_id = $1 order by kind',
      [modelId],
    );
    expect(rows).toEqual([
      { kind: 'dry', status: 'SKIPPED' },
      { kind: 'live', status: 'QUEUED' },
    ]);
  });

  it('spares a request and a cascade that came while the dispatcher was deciding', async () => {
    const before = await openWork();
    const refresh = await ask();
    const cascadeId = await plan();
    await record({ settled: settled() }, before);
    await expect(row('select status from app.refresh where id = $1', [refresh?.refreshId])).resolves.toEqual({
      status: 'QUEUED',
    });
    await expect(
      row('select state from app.cascade_item where cascade_id = $1', [cascadeId]),
    ).resolves.toEqual({
      state: 'waiting',
    });
  });

  it('queues one refresh for a ready model, for its oldest open cascade', async () => {
    const cascadeId = await plan();
    for (let time = 0; time < 2; time++)
      await record({ ready: [{ modelId, lastStartedAttempt: 0 }] }, await openWork());
    const { rows } = await postgres.pool.query(
      'select status, triggered_by, cascade_id from app.refresh where model_id = $1',
      [modelId],
    );
    expect(rows).toEqual([{ status: 'QUEUED', triggered_by: 'cascade', cascade_id: cascadeId }]);
  });

  it('queues none for a model whose refresh is just being started', async () => {
    await plan();
    await record({ ready: [{ modelId, lastStartedAttempt: 0 }] }, await openWork());
    const asked = { kind: 'live' as const, vector: { d: 1, f: 0 }, correlationId: 'test' };
    const start = { modelId, leaseSeconds: 60, why: 'Its turn came.', lookedAt: Date.now(), ...asked };
    let recording: Promise<void> = Promise.resolve();
    await plane.systemTransaction(async (sql) => {
      await startRefresh(sql, start);
      recording = record({ ready: [{ modelId, lastStartedAttempt: 0 }] }, await openWork());
      await waitFor(async () => (await row<{ n: number }>(blocked)).n > 0, {
        what: 'the dispatcher to wait',
      });
    });
    await recording;
    const { rows } = await postgres.pool.query('select status from app.refresh where model_id = $1', [
      modelId,
    ]);
    expect(rows).toEqual([{ status: 'RUNNING' }]);
  });

  it('begins no refresh by a decision that became too old, as when the process stood still', async () => {
    await plan();
    await record({ ready: [{ modelId, lastStartedAttempt: 0 }] }, await openWork());
    const asked = { kind: 'live' as const, vector: { d: 1, f: 0 }, correlationId: 'test' };
    const start = (lookedAt: number) =>
      plane.systemTransaction((sql) =>
        startRefresh(sql, { modelId, leaseSeconds: 60, why: 'Its turn came.', lookedAt, ...asked }),
      );
    const now = await row<{ now: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
    );
    expect(await start(now.now - 2_001)).toBe('late');
    await expect(
      row('select status, started_at from app.refresh where model_id = $1', [modelId]),
    ).resolves.toEqual({ status: 'QUEUED', started_at: null });
    expect(await start(now.now)).toMatchObject({ attempt: 1 });
  });

  it('queues none for a model whose refresh began meanwhile', async () => {
    await postgres.pool.query('update app.data_model set last_started_attempt = 1 where id = $1', [modelId]);
    await record({ ready: [{ modelId, lastStartedAttempt: 0 }] }, await openWork());
    await expect(
      row('select count(*)::int as n from app.refresh where model_id = $1', [modelId]),
    ).resolves.toEqual({ n: 0 });
  });
});
