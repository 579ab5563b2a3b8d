/** Starts the syncs whose time has come: once each, however many schedulers there are (spec SC3, SC4). */
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Bus } from '@freshet/bus';
import { defaults } from '@freshet/contracts';
import { nextDue } from '@freshet/domain';
import {
  claimDueSources,
  ControlPlane,
  recordSkippedRun,
  requestSync,
  setNextRun,
  type DueSource,
  type RequestedSync,
  type Sql,
} from '@freshet/persistence';
import { Clock, failpoint, LOG, type Log } from '@freshet/service-kit';
import { oneAtATime } from './one-at-a-time';

@Injectable()
export class DueSources {
  private readonly round: () => Promise<void>;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) log: Log,
  ) {
    this.round = oneAtATime(log, 'Starting due syncs', () => this.startDue());
  }

  @Interval(defaults.dispatchInterval)
  tick(): Promise<void> {
    return this.round();
  }

  /** What was missed while nobody ran is made up for once: the next time is reckoned from now. */
  async startDue(): Promise<void> {
    const now = this.clock.now();
    const started = await this.plane.systemTransaction(async (sql) => {
      const due = await claimDueSources(sql, now);
      const runs: (RequestedSync & { sourceId: string; correlationId: string })[] = [];
      for (const source of due) {
        const run = await this.start(sql, source);
        if (run) runs.push(run);
        const next = nextDue(source.schedule, source.dueAt, now.getTime());
        await setNextRun(sql, source.id, next === null ? null : new Date(next));
      }
      return runs;
    });
    if (started.length) await failpoint('schedule.before-enqueue');
    await Promise.all(
      started.map(({ runId, sourceId, organizationId, correlationId, rank }) =>
        this.bus.enqueueSync({ runId, sourceId, organizationId, correlationId, rank }),
      ),
    );
  }

  private async start(sql: Sql, { id: sourceId, busy, parked, dueAt }: DueSource) {
    if (busy) {
      const what = parked ? 'waiting for its source’s quota' : 'still running';
      await recordSkippedRun(sql, sourceId, `It was due while an earlier sync was ${what}.`);
      return null;
    }
    const correlationId = `schedule-${sourceId}-${dueAt}`;
    const why = 'Its schedule was due.';
    const run = await requestSync(sql, {
      sourceId,
      trigger: 'schedule',
      principal: null,
      why,
      request: {},
      correlationId,
    });
    return run && { ...run, sourceId, correlationId };
  }
}
