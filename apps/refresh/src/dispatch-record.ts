/** What a plan means for the history: who is queued, who waits for what, and whose part in its cascades ends for now. */
import { explainSkip, type DispatchPlan, type SkipCode } from '@freshet/domain';
import type { DispatchRecord, LoadedCascadeState, OpenWork } from '@freshet/persistence';

/** What ends a model's part in its cascades for now; every other reason only puts it off. */
const settling: Partial<Record<SkipCode, 'skipped' | 'failed'>> = {
  auto_refresh_off: 'skipped',
  paused: 'skipped',
  input_held: 'skipped',
  input_deleted: 'skipped',
  upstream_failed: 'skipped',
  set_blocked: 'skipped',
  given_up: 'failed',
};

/** @param open as it was before `state` was loaded */
export const dispatchRecord = (
  projectIds: readonly string[],
  open: OpenWork,
  state: LoadedCascadeState,
  plan: DispatchPlan,
): DispatchRecord => {
  const attempts = new Map(state.models.map(({ id, lastStartedAttempt }) => [id, lastStartedAttempt]));
  const live = plan.ready.filter(({ kind }) => kind === 'live');
  const mentioned = new Set([...live, ...plan.waiting].map(({ modelId }) => modelId));
  const ended = plan.waiting.flatMap(({ modelId, reason, sentence }) => {
    const outcome = settling[reason];
    return outcome ? [{ modelId, state: outcome, sentence }] : [];
  });
  const idle = state.models
    .filter(({ id }) => !mentioned.has(id))
    .map(({ id, deleted }) => ({
      modelId: id,
      state: 'skipped' as const,
      sentence: explainSkip({ code: deleted ? 'deleted' : 'up_to_date' }, 0),
    }));
  return {
    projectIds,
    open,
    owedSince: plan.owedSince,
    ready: live.map(({ modelId }) => ({ modelId, lastStartedAttempt: attempts.get(modelId) ?? 0 })),
    waiting: plan.waiting.filter(({ reason }) => !settling[reason]),
    settled: [...ended, ...idle],
    endedAsks: plan.waitingAsks.filter(({ ends }) => ends),
  };
};
