/** Carries out one sync run: claim it, read its streams, end it; what changed cascades. */
import { Inject, Injectable } from '@nestjs/common';
import { Bus, Handles, type Delivery, type JobHandler } from '@freshet/bus';
import type { JobData } from '@freshet/contracts';
import {
  claimSyncRun,
  ControlPlane,
  emitEvents,
  findOpenSyncRuns,
  type ClaimedRun,
} from '@freshet/persistence';
import { Clock, ENV, failpoint, LOG, logJob, type BaseEnv, type Log } from '@freshet/service-kit';
import { vacuumStreamTable, type StreamTableRef } from '@freshet/warehouse';
import { EndRun } from './end-run';
import { LoadStreams } from './load-streams';
import { OpenSource } from './open-source';
import { RunLease } from './run-lease';
import type { SourceReading } from './stream-load';

@Injectable()
@Handles('sync.run')
export class RunSync implements JobHandler<'sync.run'> {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(OpenSource) private readonly openSource: OpenSource,
    @Inject(LoadStreams) private readonly loadStreams: LoadStreams,
    @Inject(EndRun) private readonly endRun: EndRun,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  async handle({ runId }: JobData<'sync.run'>, { signal }: Delivery): Promise<string> {
    const run = await this.claim(runId);
    if (!run) return 'not to be run now';
    const { organizationId, correlationId, attempt } = run;
    const fields = { job: 'sync.run', run: runId, organization: organizationId, attempt, correlationId };
    const outcome = await logJob(this.log, fields, () => this.carryOut(run, signal));
    await this.wakeNext(run.sourceId);
    return outcome;
  }

  private claim(runId: string): Promise<ClaimedRun | null> {
    const leaseSeconds = this.env.FRESHET_LEASE_MS / 1_000;
    return this.plane.systemTransaction(async (sql) => {
      const run = await claimSyncRun(sql, runId, { leaseSeconds, now: this.clock.now() });
      if (run) {
        await emitEvents(sql, run.projectId, [
          { name: 'sync:started', payload: { sourceId: run.sourceId, runId } },
        ]);
      }
      return run;
    });
  }

  private async carryOut(run: ClaimedRun, shutdown: AbortSignal): Promise<string> {
    const lease = new RunLease(this.plane, run, this.env.FRESHET_LEASE_MS, shutdown);
    let reading: SourceReading | undefined;
    try {
      await failpoint('sync.after-claim');
      reading = await this.openSource.open(run, lease);
      const { written, incremental } = await this.loadStreams.load(reading);
      await this.endRun.complete(run, incremental);
      await this.vacuum(written);
      return 'completed';
    } catch (error) {
      return await this.endRun.stop(run, lease, error, reading?.tally.hasCommitted() ?? false);
    } finally {
      await reading?.archive.drop();
      await lease.stop();
    }
  }

  /** After the end, so that nobody waits for it; should it fail, autovacuum comes later. */
  private async vacuum(tables: StreamTableRef[]): Promise<void> {
    for (const table of tables) {
      await this.plane
        .systemSession((_, client) => vacuumStreamTable(client, table))
        .catch((error: Error) => this.log.warn({ err: error }, 'A table could not be vacuumed'));
    }
  }

  /** Runs that waited for this one's end; should this be lost, the scheduler finds them. */
  private async wakeNext(sourceId: string): Promise<void> {
    const now = this.clock.now();
    const open = await findOpenSyncRuns(this.plane.system, { now, sourceId, atOnce: true });
    await Promise.all(open.map((run) => this.bus.enqueueSync(run)));
  }
}
