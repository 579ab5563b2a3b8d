import { cascade, page, refresh, type VersionDiff } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';
import { addSyncedSource, publishVersion, type StandInSource } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
let source: StandInSource;
let daily: string;
let total: string;
beforeAll(async () => {
  source = await addSyncedSource(gateway, gateway.acme, 'ga');
  const create = async (name: string, sql: string): Promise<string> =>
    (await gateway.as(gateway.acme, 'createModel', gateway.acme).send({ name, sql })).body.id;
  daily = await create('daily', 'select visits from ga.traffic');
  total = await create('total', 'select sum(visits) as visits from daily');
  await publishVersion(gateway, daily, 1, 'select 10::bigint as visits', { [`t:${source.streamId}`]: 1 });
  await publishVersion(gateway, total, 1, 'select 10::numeric as visits', { [`m:${daily}`]: 1 });
});

const rows = (sql: string, values: unknown[]) => gateway.postgres.pool.query(sql, values);
const ask = (body: object) => gateway.as(gateway.acme, 'refreshModel', { id: daily }).send(body);
const find = async (id: string) => refresh.parse((await gateway.as(gateway.acme, 'getRefresh', { id })).body);
const owes = async () => (await gateway.as(gateway.acme, 'getModel', { id: daily })).body.owed;

describe('asking for a dry run or a shadow build', () => {
  it('queues one of each kind beside the other, and leaves the model as it is', async () => {
    const dry = await ask({ dryRun: true });
    const shadow = await ask({ shadow: true });
    const again = await ask({ dryRun: true });
    expect([dry.status, shadow.status]).toEqual([202, 202]);
    expect(again.body).toEqual({ refreshId: dry.body.refreshId, joined: true });
    expect([(await find(dry.body.refreshId)).kind, (await find(shadow.body.refreshId)).kind]).toEqual([
      'dry',
      'shadow',
    ]);
    expect(await owes()).toBe(false);
  });

  it('is refused for both at once', async () => {
    expect((await ask({ dryRun: true, shadow: true })).body).toMatchObject({
      status: 400,
      code: 'invalid_input',
    });
  });
});

describe('what a refresh found', () => {
  const comparison: VersionDiff = {
    from: 1, to: 2, rowsBefore: 1, rowsAfter: 2, rowsAdded: 1, rowsRemoved: 0, rowsChanged: 0, key: [], columns: [],
    samples: { added: [{ visits: '20' }], removed: [], changed: [] },
  }; // prettier-ignore
  const guards = [
    {
      guard: 'unique(visits)',
      ok: false,
      message: '1 value twice.',
      severity: 'block',
      rows: [{ visits: '10' }],
    },
  ];

  it('is shown with plan, comparison and failing rows in itself, and without rows in lists', async () => {
    const { refreshId } = (await ask({ dryRun: true })).body;
    const plan = { cost: 12.5, rows: 2, text: 'Seq Scan' };
    await rows(`update app.refresh set status = 'FAILED', guards = $2, plan = $3, comparison = $4 where id = $1`, [
      refreshId, JSON.stringify(guards), JSON.stringify(plan), JSON.stringify(comparison),
    ]); // prettier-ignore
    expect(await find(refreshId)).toMatchObject({ plan, comparison, guards });
    const listed = page(refresh).parse(
      (await gateway.as(gateway.acme, 'modelRefreshHistory', { modelId: daily })).body,
    );
    const [{ rows: _, ...report } = { rows: [] }] = guards;
    const found = listed.items.find(({ id }) => id === refreshId);
    expect(found).toMatchObject({ plan, comparison: { rowsAdded: 1, samples: { added: [] } } });
    expect(found?.guards).toEqual([report]);
  });
});

describe('a held sync run', () => {
  const held = async (): Promise<string> => {
    const { rows: found } = await rows(
      `update app.sync_run set held = true where id = (select max(id) from app.sync_run where source_id = $1) returning id::text`,
      [source.sourceId],
    );
    await rows('update app.stream set held = true where id = $1', [source.streamId]);
    return found[0].id;
  };
  const isHeld = async () =>
    (await rows('select held from app.stream where id = $1', [source.streamId])).rows[0].held;

  it('keeps its readers waiting, saying so, until it is released', async () => {
    const id = await held();
    await rows('update app.stream set revision = revision + 1 where id = $1', [source.streamId]);
    const waiting = (await gateway.as(gateway.acme, 'getModel', { id: daily })).body;
    expect(waiting.why).toContain('ga.traffic, which it reads, is held');
    const released = await gateway.as(gateway.acme, 'releaseSyncRun', { id });
    expect([released.status, released.body.held, await isHeld()]).toEqual([200, false, false]);
    const audit = await rows(
      `select action, principal, details from app.audit_entry where subject_kind = 'sync_run' and subject_id = $1`,
      [id],
    );
    expect(audit.rows).toEqual([
      {
        action: 'hold-release',
        principal: 'API key test',
        details: { sourceId: source.sourceId, streams: ['traffic'] },
      },
    ]);
    expect((await gateway.as(gateway.acme, 'releaseSyncRun', { id })).status).toBe(200);
    expect((await rows('select 1 from app.audit_entry where subject_id = $1', [id])).rowCount).toBe(1);
  });

  it('stays held for its tables while another held run changed them too', async () => {
    const id = await held();
    await rows(
      `with other as (
         insert into app.sync_run (organization_id, project_id, source_id, status, held, trigger, why, correlation_id)
         select organization_id, project_id, source_id, 'completed', true, 'user', 'test', 'test' from app.sync_run where id = $1 returning id, organization_id)
       insert into app.sync_run_stream (run_id, stream_id, organization_id, status, from_revision, to_revision, held_why)
       select id, $2, organization_id, 'completed', 1, 2, 'far fewer rows' from other`,
      [id, source.streamId],
    );
    await gateway.as(gateway.acme, 'releaseSyncRun', { id });
    expect(await isHeld()).toBe(true);
    await rows('update app.sync_run set held = false where source_id = $1', [source.sourceId]);
    await rows('update app.stream set held = false where id = $1', [source.streamId]);
  });

  it('of another organization is not there', async () => {
    const id = await held();
    expect((await gateway.as(gateway.globex, 'releaseSyncRun', { id })).status).toBe(404);
    expect(await isHeld()).toBe(true);
  });
});

describe('the timeline of a cascade', () => {
  it('tells how long each model waited and ran, and since when dashboards show all of it', async () => {
    const made = (await gateway.as(gateway.acme, 'createDashboard', gateway.acme).send({
      name: 'Both', charts: ['daily', 'total'].map((name) => ({ title: name, type: 'kpi', sql: `select visits from ${name}`, layout: { x: 0, y: 0, w: 3, h: 2 } })),
    })).body; // prettier-ignore
    const { cascadeId } = (
      await gateway.as(gateway.acme, 'refreshBelowSource', { sourceId: source.sourceId })
    ).body;
    const look = async () =>
      cascade.parse((await gateway.as(gateway.acme, 'getCascade', { id: cascadeId })).body);
    const ends = (modelId: string, after: number) =>
      rows(
        `update app.cascade_item i set state = 'published', started_at = c.started_at + make_interval(secs => $3), published_at = c.started_at + make_interval(secs => $3 + 1)
         from app.cascade c where c.id = i.cascade_id and i.cascade_id = $1 and i.model_id = $2`,
        [cascadeId, modelId, after],
      );
    await ends(daily, 2);
    expect((await look()).items).toMatchObject([
      { modelId: daily, waitedMs: 2_000, ranMs: 1_000 },
      { modelId: total, waitedMs: null, ranMs: null },
    ]);
    expect((await look()).dashboards).toEqual([{ id: made.id, name: 'Both', reachedAt: null }]);
    await ends(total, 5);
    const { startedAt, dashboards } = await look();
    expect(Date.parse(dashboards[0]?.reachedAt ?? '') - Date.parse(startedAt)).toBe(6_000);
  });
});
