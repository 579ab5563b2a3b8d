/** Works out which models of a project are owed a refresh and hands the ready ones to the queue (flow.ts: `dispatch`). */
import { Inject, Injectable } from '@nestjs/common';
import { Bus, type ReadyRefresh } from '@freshet/bus';
import { defaults } from '@freshet/contracts';
import { planDispatch, type DispatchOptions, type DispatchPlan, type SkipCode } from '@freshet/domain';
import {
  ControlPlane,
  findOpenWork,
  loadCascadeState,
  recordDispatch,
  type DispatchRecord,
  type LoadedCascadeState,
  type OpenWork,
} from '@freshet/persistence';
import { Clock, failpoint } from '@freshet/service-kit';
import { lockForTransaction } from '@freshet/warehouse';

/** A short head: the rest stays in PostgreSQL, in order, and is handed out as slots come free. */
export const dispatchOptions: DispatchOptions = {
  maxWait: defaults.refresh.maxWait,
  head: 4 * defaults.refresh.slots,
  attempts: defaults.refresh.attempts,
};

/** What ends a model's part in its cascades for now; every other reason only puts it off. */
const settling: Partial<Record<SkipCode, 'skipped' | 'failed'>> = {
  auto_refresh_off: 'skipped',
  paused: 'skipped',
  input_deleted: 'skipped',
  upstream_failed: 'skipped',
  given_up: 'failed',
};

@Injectable()
export class DispatchCascade {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Idempotent, a function of the state alone; safe to run at any time, from any number of processes. */
  async dispatch(projectId: string): Promise<void> {
    const ready = await this.plane.systemTransaction(async (sql, client) => {
      // One at a time per project, and each looks after the one before has committed: none acts on what is no longer so.
      await lockForTransaction(client, 'dispatch', projectId);
      const open = await findOpenWork(sql, projectId);
      const state = await loadCascadeState(sql, [projectId]);
      const plan = planDispatch(state, this.clock.now().getTime(), dispatchOptions);
      await recordDispatch(sql, recordOf(projectId, open, state, plan));
      await failpoint('dispatch.before-commit');
      return plan.ready.map((each): ReadyRefresh => ({
        ...each,
        projectId,
        correlationId: `dispatch-${projectId}`,
      }));
    });
    await failpoint('dispatch.before-enqueue');
    if (ready.length) await this.bus.enqueueRefreshes(ready);
    await failpoint('dispatch.after-enqueue');
  }
}

const recordOf = (
  projectId: string,
  open: OpenWork,
  state: LoadedCascadeState,
  plan: DispatchPlan,
): DispatchRecord => {
  const waits = plan.waiting.filter(({ reason }) => !settling[reason]);
  const ends = plan.waiting.flatMap(({ modelId, reason, sentence }) => {
    const outcome = settling[reason];
    return outcome ? [{ modelId, state: outcome, sentence }] : [];
  });
  const attempts = new Map(state.models.map(({ id, lastStartedAttempt }) => [id, lastStartedAttempt]));
  // What was asked for once is queued already.
  const live = plan.ready.filter(({ kind }) => kind === 'live');
  const ready = live.map(({ modelId }) => ({
    modelId,
    lastStartedAttempt: attempts.get(modelId) ?? 0,
  }));
  const mentioned = new Set([...live, ...plan.waiting].map(({ modelId }) => modelId));
  const idle = state.models.flatMap(({ id, deleted }) =>
    mentioned.has(id)
      ? []
      : [
          {
            modelId: id,
            state: 'skipped' as const,
            sentence: deleted ? 'The model was deleted.' : nothingChanged,
          },
        ],
  );
  return {
    projectId,
    open,
    owedSince: plan.owedSince,
    ready,
    waiting: waits,
    settled: [...ends, ...idle],
  };
};

const nothingChanged = 'Nothing it reads has changed since its last refresh.';
