import 'reflect-metadata';
import { BusModule, Bus } from '@freshet/bus';
import { createLog } from '@freshet/service-kit';
import { TestClock, useRedis, waitFor } from '@freshet/testing';
import { NestFactory } from '@nestjs/core';
import { DueSources } from './due-sources';
import { usePlane } from './testing/use-plane';

const hour = 3_600_000;

describe('syncs whose time has come', () => {
  let close: (() => Promise<void>) | undefined;
  afterAll(() => close?.());
  const redis = useRedis();
  const data = usePlane();
  const clock = new TestClock('2026-03-01T12:00:00.000Z');
  const log = createLog('scheduler', 'silent');
  let bus: Bus;
  const scheduler = (): DueSources => new DueSources(data.plane, bus, clock, log);

  const at = (minutesFromNow: number): Date => new Date(clock.now().getTime() + minutesFromNow * 60_000);
  const runsOf = async (sourceId: string) =>
    (
      await data.postgres.pool.query(
        'select status, trigger, why from app.sync_run where source_id = $1 order by id',
        [sourceId],
      )
    ).rows;
  const nextRunOf = async (sourceId: string): Promise<Date | null> =>
    (
      await data.row<{ next_run_at: Date | null }>('select next_run_at from app.data_source where id = $1', [
        sourceId,
      ])
    ).next_run_at;

  beforeAll(async () => {
    const app = await NestFactory.createApplicationContext(BusModule.register({ redisUrl: redis.url }), {
      logger: false,
    });
    close = () => app.close();
    bus = app.get(Bus);
    await waitFor(() => bus.ping().then(() => true));
  });

  it('are started once, however many schedulers look at the same moment', async () => {
    const source = await data.addSource({ nextRunAt: at(-1) });
    await Promise.all([1, 2, 3].map(() => scheduler().startDue()));
    expect(await runsOf(source)).toEqual([
      { status: 'queued', trigger: 'schedule', why: 'Its schedule was due.' },
    ]);
    expect(await nextRunOf(source)).toEqual(at(59));
    await expect(bus.depth('sync')).resolves.toBeGreaterThan(0);
  });

  it('are left alone before their time, and while their schedule is paused', async () => {
    const early = await data.addSource({ nextRunAt: at(1) });
    const paused = await data.addSource({
      nextRunAt: at(-1),
      schedule: { kind: 'interval', every: 60, timeZone: 'UTC', paused: true },
    });
    await scheduler().startDue();
    expect([...(await runsOf(early)), ...(await runsOf(paused))]).toEqual([]);
  });

  it('are skipped, and recorded as skipped, while the last one is still running', async () => {
    const source = await data.addSource({ nextRunAt: at(-1) });
    await data.postgres.pool.query(
      `insert into app.sync_run (organization_id, project_id, source_id, status, trigger, why, correlation_id)
       values ($1, $2, $3, 'running', 'user', 'You asked.', 'test')`,
      [data.organizationId, data.projectId, source],
    );
    await scheduler().startDue();
    expect(await runsOf(source)).toEqual([
      expect.objectContaining({ status: 'running' }),
      { status: 'skipped', trigger: 'schedule', why: 'It was due while an earlier sync was still running.' },
    ]);
    const { rows } = await data.postgres.pool.query(
      `select completed_at >= queued_at as ended_after_it_began from app.sync_run where source_id = $1 and status = 'skipped'`,
      [source],
    );
    expect(rows).toEqual([{ ended_after_it_began: true }]);
    expect(await nextRunOf(source)).toEqual(at(59));
  });

  it('are skipped while the last one waits for quota, and say so', async () => {
    const source = await data.addSource({ nextRunAt: at(-1) });
    await data.postgres.pool.query(
      `insert into app.sync_run (organization_id, project_id, source_id, status, waiting_until, trigger, why, correlation_id)
       values ($1, $2, $3, 'waiting', now() + interval '1 hour', 'user', 'You asked.', 'test')`,
      [data.organizationId, data.projectId, source],
    );
    await scheduler().startDue();
    expect((await runsOf(source)).at(-1)).toMatchObject({
      status: 'skipped',
      why: 'It was due while an earlier sync was waiting for its source’s quota.',
    });
  });

  it('that were missed while nobody ran are made up for once', async () => {
    const source = await data.addSource({ nextRunAt: new Date(clock.now().getTime() - 30 * hour) });
    await scheduler().startDue();
    await scheduler().startDue();
    expect(await runsOf(source)).toHaveLength(1);
    const next = await nextRunOf(source);
    expect(next?.getTime()).toBeGreaterThan(clock.now().getTime());
  });
});
