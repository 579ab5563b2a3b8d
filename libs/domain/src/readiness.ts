/**
 * The dispatcher's decision: which models to refresh now, and why the others wait. One pure function, which production
 * runs over a loaded snapshot and the simulation runs over a million imagined ones (docs/adr/0002).
 *
 * A model is ready when it is owed, nothing stops it, no refresh of it runs, its backoff has passed, and it is either
 * past its max wait or neither behind an owed model nor behind a syncing source. Being behind only ever delays.
 */
import { indexCascade, dutyOf, type CascadeIndex, type Duty } from './cascade-index';
import type { CascadeState, ModelState, RefreshClass } from './cascade-state';
import { behindOwed, behindGivenUp, behindSyncing } from './behind';
import { explainDifference, inputNames, vectorDifference, type InputVector } from './input-vector';
import { rankReady, refreshClass, type ReadyModel } from './ranking';
import { explainSkip, type SkipCode, type SkipReason } from './skip-reasons';

export interface DispatchOptions {
  /** Milliseconds an owed model may be kept waiting by owed models and syncing sources above it. */
  maxWait: number;
  /** At most so many ready models are handed out at once; the rest stay in PostgreSQL, in order. */
  head: number;
  /** Failures on one input vector after which it is given up. */
  attempts: number;
}

export interface DispatchPlan {
  /** What to enqueue, best first, at most `head`. */
  ready: ReadyModel[];
  /** `owedSince` of these models is to be stored (null: cleared). */
  owedSince: { modelId: string; value: number | null }[];
  /** Every other model that has something to wait for, with the reason. */
  waiting: WaitingModel[];
}

export interface WaitingModel {
  modelId: string;
  /** False for one that is up to date or off, and is only told what happens above it. */
  owed: boolean;
  reason: SkipCode;
  sentence: string;
}

export function planDispatch(state: CascadeState, now: number, options: DispatchOptions): DispatchPlan {
  const survey = surveyCascade(state, now, options);
  const ready = rankReady(
    survey.duties.filter((duty) => duty.owed && survey.reasonFor(duty) === null).map(({ model }) => model),
    runningByOrganization(survey.duties, now),
    now,
  );
  const places = new Map(ready.map(({ modelId }, place) => [modelId, place]));
  const waiting = survey.duties.flatMap((duty): WaitingModel[] => {
    const place = places.get(duty.model.id);
    if (place !== undefined && place < options.head) return [];
    const reason: SkipReason | null =
      place === undefined ? survey.reasonFor(duty) : { code: 'in_line', ahead: place };
    if (!reason || reason.code === 'up_to_date' || reason.code === 'deleted') return [];
    return [
      { modelId: duty.model.id, owed: duty.owed, reason: reason.code, sentence: explainSkip(reason, now) },
    ];
  });
  return { ready: ready.slice(0, options.head), owedSince: survey.owedSinceChanges(), waiting };
}

export type RunDecision =
  | { run: true; vector: InputVector; priorityClass: RefreshClass; why: string }
  | { run: false; reason: SkipCode; sentence: string };

/**
 * The refresh worker's own look before it begins: the dispatcher's rules once more, on fresh state, since a job may
 * have waited long or come twice. With `holdsLease`, the live lease is the caller's and does not count.
 */
export function shouldRun(
  state: CascadeState,
  modelId: string,
  now: number,
  options: DispatchOptions & { holdsLease?: boolean },
): RunDecision {
  const survey = surveyCascade(state, now, options);
  const duty = survey.duties.find(({ model }) => model.id === modelId);
  const skip = (reason: SkipReason): RunDecision => ({
    run: false,
    reason: reason.code,
    sentence: explainSkip(reason, now),
  });
  if (!duty) return skip({ code: 'deleted' });
  const reason = survey.reasonFor(duty, options.holdsLease);
  if (reason) return skip(reason);
  return {
    run: true,
    vector: duty.vector,
    priorityClass: refreshClass(duty.model),
    why: whyOwed(duty, state),
  };
}

const whyOwed = ({ model, vector }: Duty, state: CascadeState): string =>
  explainDifference(vectorDifference(model.builtVector, vector), inputNames(state));

/** Whether a model's latest build was made from other inputs than there are now, and somebody wants the difference. */
export const isOwed = (model: ModelState, state: CascadeState): boolean =>
  dutyOf(model, indexCascade(state), Infinity).owed;

interface Survey {
  duties: Duty[];
  /** What the model waits for; null when it is ready. */
  reasonFor(duty: Duty, holdsLease?: boolean): SkipReason | null;
  owedSinceChanges(): { modelId: string; value: number | null }[];
}

function surveyCascade(state: CascadeState, now: number, options: DispatchOptions): Survey {
  const index: CascadeIndex = indexCascade(state);
  const duties = state.models.map((model) => dutyOf(model, index, options.attempts));
  const byId = new Map(duties.map((duty) => [duty.model.id, duty]));
  const owedAbove = behindOwed(index, byId);
  const failedAbove = behindGivenUp(index, byId);
  const syncingAbove = behindSyncing(index, byId, now);

  const reasonFor = (duty: Duty, holdsLease = false): SkipReason | null => {
    const { model, owed, stop } = duty;
    const upstream = owedAbove.get(model.id);
    const failed = failedAbove.get(model.id);
    if (stop) return stop.code === 'paused' && !duty.differs ? { code: 'up_to_date' } : stop;
    if (!owed && upstream) return { code: 'upstream_owed', upstream };
    if (!owed) return failed ? { code: 'upstream_failed', upstream: failed } : { code: 'up_to_date' };
    if (!holdsLease && isRunning(duty, now)) return { code: 'running' };
    if (model.retryAt !== null && model.retryAt > now) {
      return { code: 'backoff', failures: model.failures, until: model.retryAt };
    }
    if (now - (model.owedSince ?? now) >= options.maxWait) return null;
    if (upstream) return { code: 'upstream_owed', upstream };
    const source = model.updatesOn === 'all' ? syncingAbove.get(model.id) : undefined;
    return source ? { code: 'source_syncing', source } : null;
  };

  /** The clock of max wait runs while a model is owed or below an owed one, and stands for one that could not run. */
  const owedSinceChanges = (): { modelId: string; value: number | null }[] =>
    duties.flatMap((duty) => {
      const { model, stop } = duty;
      const mayRun = stop === null || stop.code === 'input_missing';
      const counts = mayRun && (duty.owed || owedAbove.has(model.id));
      if (counts === (model.owedSince !== null)) return [];
      return [{ modelId: model.id, value: counts ? now : null }];
    });

  return { duties, reasonFor, owedSinceChanges };
}

const isRunning = ({ model }: Duty, now: number): boolean =>
  model.leaseUntil !== null && model.leaseUntil > now;

function runningByOrganization(duties: readonly Duty[], now: number): Map<string, number> {
  const running = new Map<string, number>();
  for (const duty of duties) {
    if (!isRunning(duty, now)) continue;
    const { organizationId } = duty.model;
    running.set(organizationId, (running.get(organizationId) ?? 0) + 1);
  }
  return running;
}
