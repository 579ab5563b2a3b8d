/** The consumers' side: one BullMQ worker per queue that finds the handler of each job by its name. */
import { Processor, WorkerHost } from '@nestjs/bullmq';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
  type Type,
} from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type JobName, type QueueName } from '@freshet/contracts';
import type { Job } from 'bullmq';
import { parseJob } from './bus';
import { collectHandlers } from './handler';
import { consumerConnection } from './redis-connection';

/** A job that stalled often is still no poison: PostgreSQL counts attempts. */
const maxStalledCount = 5;

export interface ConsumerOptions {
  queue: QueueName;
  /** Jobs this process carries out at once. */
  concurrency: number;
  /** Milliseconds after which a killed process's job comes back. */
  lease: number;
}

/** The worker needs a connection of its own kind: by default it would get the queue's, which gives up when Redis is away. */
export const consumerOf = ({ queue, concurrency, lease }: ConsumerOptions, redisUrl: string): Type => {
  const connection = consumerConnection(redisUrl);
  @Injectable()
  @Processor(queue, {
    connection,
    concurrency,
    maxStalledCount,
    lockDuration: lease,
    stalledInterval: lease / 2,
    autorun: false,
  })
  class Consumer extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
    private readonly log = new Logger(`queue ${queue}`);
    private readonly shutdown = new AbortController();
    private handlers: ReturnType<typeof collectHandlers> = new Map();

    constructor(private readonly discovery: DiscoveryService) {
      super();
    }

    async onApplicationBootstrap(): Promise<void> {
      this.worker.on('error', (error: Error) => this.log.debug(`Redis: ${error.message}`));
      this.worker.on('failed', (job, error) =>
        this.log.error({ job: job?.name, id: job?.id, err: error }, 'A job failed unexpectedly'),
      );
      try {
        const providers = this.discovery.getProviders().map(({ instance }): unknown => instance);
        this.handlers = collectHandlers(providers.filter(isObject), [queue]);
      } catch (error) {
        await this.worker.close();
        throw error;
      }
      void this.worker.run();
    }

    async process(job: Job): Promise<string | void> {
      const name = job.name as JobName;
      const handler = this.handlers.get(name);
      if (!handler) throw new Error(`No handler carries out ${name}.`);
      return handler.handle(parseJob(name, job.data), {
        attempt: job.attemptsStarted,
        signal: this.shutdown.signal,
      });
    }

    /** Before connections are closed: jobs under way stop at a safe place, and say so in the database. */
    async beforeApplicationShutdown(): Promise<void> {
      this.shutdown.abort();
      await this.worker.close();
    }
  }
  return Consumer;
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
