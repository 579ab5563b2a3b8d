/** The producers' side of the queues: enqueue by name, once per deduplication id, in the order of priority. */
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import {
  defaults,
  jobs,
  queues,
  refreshDeduplicationId,
  syncDeduplicationId,
  type JobData,
  type JobName,
  type QueueName,
} from '@freshet/contracts';
import type { Queue } from 'bullmq';

/** What stays in Redis for Bull Board to show. */
const kept = { removeOnComplete: { count: 200 }, removeOnFail: { count: 500 } };

/** Beyond it runs go in the order in which they were asked for. */
const lastRank = 10_000;

export interface ReadyRefresh {
  modelId: string;
  projectId: string;
  organizationId: string;
  /** As `refreshPriority` gives it; lower goes first. */
  priority: number;
  correlationId: string;
}

@Injectable()
export class Bus implements OnModuleInit {
  private readonly log = new Logger(Bus.name);

  constructor(
    @InjectQueue(queues.sync) private readonly sync: Queue,
    @InjectQueue(queues.cascade) private readonly cascade: Queue,
  ) {}

  onModuleInit(): void {
    for (const queue of [this.sync, this.cascade]) {
      // Without a listener a lost Redis would end the process.
      queue.on('error', (error: Error) => this.log.debug(`Redis: ${error.message}`));
    }
  }

  /**
   * Wakes a worker for a sync run. False when Redis is not there: the run is in PostgreSQL, and the scheduler wakes it
   * again until somebody has taken it. `rank` is how many runs of its organization are before it: of the runs that wait, each
   * organization's first one goes before any other's second.
   */
  enqueueSync({ rank = 0, ...run }: JobData<'sync.run'> & { rank?: number }): Promise<boolean> {
    return this.tolerateLoss('sync.run', async () => {
      const { runId, sourceId, organizationId, correlationId } = run;
      const data = { runId, sourceId, organizationId, correlationId } satisfies JobData<'sync.run'>;
      const deduplication = { id: syncDeduplicationId(runId), keepLastIfActive: true };
      await this.sync.add('sync.run', data, {
        ...kept,
        priority: 1 + Math.min(rank, lastRank),
        deduplication,
      });
    });
  }

  /** Hands out the dispatcher's head. A model that waits already keeps its one job, moved up when its priority rose. */
  enqueueRefreshes(ready: readonly ReadyRefresh[]): Promise<boolean> {
    return this.tolerateLoss('refresh.model', async () => {
      const added = await this.cascade.addBulk(
        ready.map(({ modelId, projectId, organizationId, correlationId, priority }) => ({
          name: 'refresh.model',
          data: { modelId, projectId, organizationId, correlationId } satisfies JobData<'refresh.model'>,
          opts: {
            ...kept,
            priority,
            deduplication: { id: refreshDeduplicationId(modelId), keepLastIfActive: true },
          },
        })),
      );
      await Promise.all(ready.map((each, place) => this.promote(added[place]?.id, each)));
    });
  }

  /** `addBulk` answers the id of the job that is there already when it was a duplicate. */
  private async promote(jobId: string | undefined, { modelId, priority }: ReadyRefresh): Promise<void> {
    const id = jobId ?? (await this.cascade.getDeduplicationJobId(refreshDeduplicationId(modelId)));
    const job = id ? await this.cascade.getJob(id) : undefined;
    if (!job || (job.opts.priority ?? priority) <= priority) return;
    // A job that was taken meanwhile can't be moved any more, and need not be.
    await job.changePriority({ priority }).catch(() => undefined);
  }

  /** The soft cap across processes; it lives in Redis and vanishes with it, so it is asserted again and again. */
  assertGlobalConcurrency(): Promise<boolean> {
    return this.tolerateLoss('global concurrency', async () => {
      if ((await this.cascade.getGlobalConcurrency()) !== defaults.refresh.slots) {
        await this.cascade.setGlobalConcurrency(defaults.refresh.slots);
      }
    });
  }

  /** Waiting, prioritised and active jobs of a queue; null when Redis is not there. */
  async depth(queue: QueueName): Promise<number | null> {
    const counts = await this.queue(queue)
      .getJobCounts('waiting', 'prioritized', 'active', 'delayed')
      .catch(() => null);
    return counts && Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** Throws when Redis does not answer. */
  async ping(): Promise<void> {
    await this.sync.getJobCountByTypes('active');
  }

  /** For Bull Board and health only. */
  queue(name: QueueName): Queue {
    return name === 'sync' ? this.sync : this.cascade;
  }

  private async tolerateLoss(
    what: JobName | 'global concurrency',
    work: () => Promise<void>,
  ): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.log.warn(`Could not enqueue ${what} (${(error as Error).message}); the scheduler tries again.`);
      return false;
    }
  }
}

/** Parses what came out of Redis by the catalogue: a foreign or outdated job must not reach a handler. */
export const parseJob = <N extends JobName>(name: N, data: unknown): JobData<N> =>
  jobs[name].data.parse(data) as JobData<N>;
