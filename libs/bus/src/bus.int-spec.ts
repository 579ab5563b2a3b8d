import 'reflect-metadata';
import { Injectable, Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { JobData } from '@freshet/contracts';
import { useRedis, waitFor } from '@freshet/testing';
import { Bus } from './bus';
import { BusModule } from './bus.module';
import { Handles, type JobHandler } from './handler';

const job = (modelId: string, priority: number) => ({
  modelId,
  priority,
  projectId: '1',
  organizationId: '1',
  correlationId: 'test',
});

/** Says in which order models were refreshed, and can be held up. */
@Injectable()
@Handles('refresh.model')
class Recorder implements JobHandler<'refresh.model'> {
  static readonly order: string[] = [];
  static gate: Promise<void> = Promise.resolve();

  async handle({ modelId }: JobData<'refresh.model'>): Promise<void> {
    Recorder.order.push(modelId);
    await Recorder.gate;
  }
}

@Module({})
class Worker {
  static with(redisUrl: string): DynamicModule {
    const consume = { queue: 'cascade' as const, concurrency: 1, lease: 5_000 };
    return { module: Worker, imports: [BusModule.register({ redisUrl, consume })], providers: [Recorder] };
  }
}

describe('the cascade queue', () => {
  const apps: INestApplicationContext[] = [];
  // Before Redis goes: what is defined first ends first.
  afterAll(() => Promise.all(apps.map((app) => app.close())));
  const redis = useRedis();
  let bus: Bus;

  const boot = async (module: DynamicModule): Promise<INestApplicationContext> => {
    const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false });
    apps.push(app);
    return app;
  };

  /** Holds the worker up at the next job until the answer is called. */
  const holdWorker = (): (() => void) => {
    let open = (): void => undefined;
    Recorder.gate = new Promise((resolve) => (open = resolve));
    return open;
  };

  beforeAll(async () => {
    bus = (await boot(BusModule.register({ redisUrl: redis.url }))).get(Bus);
    await waitFor(() => bus.ping().then(() => true));
  });
  beforeEach(async () => {
    Recorder.order.length = 0;
    await bus.queue('cascade').obliterate({ force: true });
  });

  it('keeps one waiting job per model, however often it is handed out', async () => {
    for (let time = 0; time < 3; time++) await bus.enqueueRefreshes([job('1', 3_001), job('2', 3_002)]);
    await expect(bus.depth('cascade')).resolves.toBe(2);
  });

  it('moves a waiting job up when its priority rises, and never down', async () => {
    await bus.enqueueRefreshes([job('1', 3_001), job('2', 3_002)]);
    await bus.enqueueRefreshes([job('2', 1_001)]);
    await bus.enqueueRefreshes([job('2', 3_002)]);
    const waiting = await bus.queue('cascade').getPrioritized();
    expect(waiting.map(({ data }) => data.modelId)).toEqual(['2', '1']);
  });

  it('runs the best first, and a model that is asked for while it runs exactly once more', async () => {
    const release = holdWorker();
    await boot(Worker.with(redis.url));
    await bus.enqueueRefreshes([job('a', 3_001)]);
    await waitFor(() => Recorder.order.length === 1);
    for (let time = 0; time < 4; time++) await bus.enqueueRefreshes([job('a', 3_001)]);
    await bus.enqueueRefreshes([job('late', 3_500), job('soon', 1_001)]);
    release();
    await waitFor(async () => (await bus.depth('cascade')) === 0);
    expect(Recorder.order.filter((id) => id === 'a')).toHaveLength(2);
    expect(Recorder.order.indexOf('soon')).toBeLessThan(Recorder.order.indexOf('late'));
  });

  it('says at once that nothing was enqueued when Redis is gone, and works again when it is back', async () => {
    await redis.kill9();
    await expect(bus.enqueueRefreshes([job('1', 3_001)])).resolves.toBe(false);
    await redis.restart();
    await waitFor(() => bus.enqueueRefreshes([job('1', 3_001)]));
    await waitFor(() => Recorder.order.includes('1'), { timeout: 15_000 });
  });

  it('asserts the soft cap again after Redis lost it', async () => {
    await bus.assertGlobalConcurrency();
    await redis.flushAll();
    await expect(bus.queue('cascade').getGlobalConcurrency()).resolves.toBeNull();
    await bus.assertGlobalConcurrency();
    await expect(bus.queue('cascade').getGlobalConcurrency()).resolves.toBe(3);
  });
});

describe('a service that consumes a queue', () => {
  const redis = useRedis();

  it('does not boot without a handler for its jobs', async () => {
    const module = BusModule.register({
      redisUrl: redis.url,
      consume: { queue: 'sync', concurrency: 1, lease: 5_000 },
    });
    const service = await Test.createTestingModule({ imports: [module] }).compile();
    await expect(service.init()).rejects.toThrow('No handler carries out sync.run');
    await service.close();
  });
});
