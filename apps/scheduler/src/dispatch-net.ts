/** The safety net: each second it asks for whatever a lost message, a killed process or an empty Redis left undone. */
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Bus } from '@freshet/bus';
import { defaults } from '@freshet/contracts';
import {
  askDispatch,
  buryDeadRefreshes,
  ControlPlane,
  findOpenSyncRuns,
  findProjectsToDispatch,
} from '@freshet/persistence';
import { Clock, failpoint, LOG, type Log } from '@freshet/service-kit';
import { oneAtATime } from './one-at-a-time';

@Injectable()
export class DispatchNet {
  private readonly round: () => Promise<void>;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) log: Log,
  ) {
    this.round = oneAtATime(log, 'The safety net', () => this.catchAll());
  }

  @Interval(defaults.dispatchInterval)
  tick(): Promise<void> {
    return this.round();
  }

  async catchAll(): Promise<void> {
    const sql = this.plane.system;
    await buryDeadRefreshes(this.plane);
    await failpoint('net.after-bury');
    for (const run of await findOpenSyncRuns(sql, { now: this.clock.now() })) await this.bus.enqueueSync(run);
    // One project stands for its whole organization.
    const projects = new Map(
      (await findProjectsToDispatch(sql)).map(({ organizationId, projectId }) => [organizationId, projectId]),
    );
    for (const projectId of projects.values()) await askDispatch(sql, projectId);
    await this.bus.assertGlobalConcurrency();
  }
}
