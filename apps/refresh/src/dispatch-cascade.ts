/** Works out which models of an organization are owed a refresh and hands the ready ones to the queue (flow.ts: `dispatch`). */
import { Inject, Injectable } from '@nestjs/common';
import { Bus, type ReadyRefresh } from '@freshet/bus';
import { defaults } from '@freshet/contracts';
import { planDispatch, type DispatchOptions } from '@freshet/domain';
import {
  ControlPlane,
  findOpenWork,
  findProjectsToDispatch,
  loadCascadeState,
  recordDispatch,
} from '@freshet/persistence';
import { Clock, ENV, failpoint, type BaseEnv } from '@freshet/service-kit';
import { lockForTransaction } from '@freshet/warehouse';
import { movePointers } from './publish-set';
import { dispatchRecord } from './dispatch-record';

/** A short head: the rest stays in PostgreSQL, in order, and is handed out as slots come free. */
export const dispatchOptions = ({ FRESHET_MAX_WAIT_MS }: BaseEnv): DispatchOptions => ({
  maxWait: FRESHET_MAX_WAIT_MS,
  head: 4 * defaults.refresh.slots,
  attempts: defaults.refresh.attempts,
});

/** Each move of pointers makes a new plan necessary; what is left after so many waits for the next dispatch. */
const mostRounds = 10;

@Injectable()
export class DispatchCascade {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /**
   * All projects of an organization at once, so that its models take their turns among themselves and with those of others.
   * Idempotent, a function of the state alone; safe to run at any time, from any number of processes.
   */
  async dispatch(organizationId: string): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      const ready = await this.decide(organizationId);
      if (ready === 'pointers moved') {
        await failpoint('dispatch.after-publish-set');
        continue;
      }
      await failpoint('dispatch.before-enqueue');
      if (ready.length) await this.bus.enqueueRefreshes(ready);
      await failpoint('dispatch.after-enqueue');
      return;
    }
  }

  private decide(organizationId: string): Promise<ReadyRefresh[] | 'pointers moved'> {
    return this.plane.systemTransaction(async (sql, client) => {
      // One at a time per organization, and each looks after the one before has committed: none acts on what is no longer so.
      await lockForTransaction(client, 'dispatch', organizationId);
      const projects = await findProjectsToDispatch(sql, organizationId);
      if (!projects.length) return [];
      const projectIds = projects.map(({ projectId }) => projectId);
      const open = await findOpenWork(sql, organizationId);
      const state = await loadCascadeState(sql, projectIds);
      const plan = planDispatch(state, this.clock.now().getTime(), dispatchOptions(this.env));
      if (await movePointers(sql, plan)) return 'pointers moved';
      await recordDispatch(sql, dispatchRecord(projectIds, open, state, plan));
      await failpoint('dispatch.before-commit');
      return plan.ready.map(({ modelId, projectId, priority }): ReadyRefresh => ({
        modelId,
        projectId,
        organizationId,
        priority,
        correlationId: `dispatch-${projectId}`,
      }));
    });
  }
}
