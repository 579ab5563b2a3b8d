import 'reflect-metadata';
import { Bus, BusModule } from '@freshet/bus';
import { channels } from '@freshet/contracts';
import { createLog, SystemClock } from '@freshet/service-kit';
import { useRedis, waitFor } from '@freshet/testing';
import { NestFactory } from '@nestjs/core';
import { DispatchNet } from './dispatch-net';
import { usePlane } from './testing/use-plane';

describe('the safety net', () => {
  let close: (() => Promise<void>) | undefined;
  afterAll(() => close?.());
  const redis = useRedis();
  const data = usePlane();
  let bus: Bus;
  let net: DispatchNet;

  beforeAll(async () => {
    const app = await NestFactory.createApplicationContext(BusModule.register({ redisUrl: redis.url }), {
      logger: false,
    });
    close = () => app.close();
    bus = app.get(Bus);
    net = new DispatchNet(data.plane, bus, new SystemClock(), createLog('scheduler', 'silent'));
    await waitFor(() => bus.ping().then(() => true));
  });

  const addRun = async (status: string, lease: string | null): Promise<string> => {
    const source = await data.addSource();
    const { id } = await data.row<{ id: string }>(
      `insert into app.sync_run (organization_id, project_id, source_id, status, trigger, why, correlation_id, lease_until, queued_at)
       values ($1, $2, $3, $4, 'user', 'You asked.', 'test', now() + $5::interval, now() - interval '1 minute') returning id`,
      [data.organizationId, data.projectId, source, status, lease],
    );
    return id;
  };

  it('wakes workers for runs that lost their job and runs whose process died, and for no others', async () => {
    const lost = await addRun('queued', null);
    const dead = await addRun('running', '-1 second');
    await addRun('running', '1 minute');
    await addRun('completed', null);
    await redis.flushAll();
    await net.catchAll();
    const jobs = await bus.queue('sync').getPrioritized();
    expect(jobs.map((job) => job.data.runId).sort()).toEqual([lost, dead].sort());
  });

  it('has projects dispatched in which a model is owed', async () => {
    const asked: string[] = [];
    const listener = await data.plane.systemConnection('test');
    listener.on('notification', ({ payload }) => asked.push(payload ?? ''));
    await listener.query(`listen ${channels.dispatch}`);
    await data.addModel('never_built');
    await net.catchAll();
    await waitFor(() => asked.includes(data.projectId));
    await listener.end();
  });

  it('ends refreshes whose process died, so that their models can be taken at once', async () => {
    const model = await data.addModel('interrupted');
    const { id } = await data.row<{ id: string }>(
      `insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, why, version, correlation_id, lease_until)
       values ($1, $2, $3, 'RUNNING', 'user', 'You asked.', 1, 'test', now() - interval '1 second') returning id`,
      [data.organizationId, data.projectId, model],
    );
    await data.postgres.pool.query(
      `update app.data_model set lease_until = now() + interval '1 minute', lease_refresh_id = $2 where id = $1`,
      [model, id],
    );
    await net.catchAll();
    await expect(
      data.row(`select status, error ->> 'code' as code from app.refresh where id = $1`, [id]),
    ).resolves.toEqual({
      status: 'FAILED',
      code: 'interrupted',
    });
    await expect(data.row('select lease_until from app.data_model where id = $1', [model])).resolves.toEqual({
      lease_until: null,
    });
  });

  it('goes on when Redis is away', async () => {
    await redis.kill9();
    await expect(net.catchAll()).resolves.toBeUndefined();
    await redis.restart();
    await waitFor(() => bus.ping().then(() => true));
  });
});
