/** All that the dispatcher's questions have in common: each model's duty, its set, and what it waits for. */
import { behindGivenUp, behindOwed, behindSyncing } from './behind';
import {
  dutyOf,
  indexCascade,
  missingInput,
  type CascadeIndex,
  type Duty,
  type Patience,
} from './cascade-index';
import type { CascadeState } from './cascade-state';
import { surveySets, type SetStanding, type SetSurvey } from './publish-sets';
import type { SkipReason } from './skip-reasons';

export interface SurveyOptions extends Patience {
  /** Milliseconds an owed model may be kept waiting by owed models and syncing sources above it. */
  maxWait: number;
}

export interface Survey {
  index: CascadeIndex;
  duties: Duty[];
  sets: SetSurvey;
  /** What the model waits for; null when it is ready. */
  reasonFor(duty: Duty, holdsLease?: boolean): SkipReason | null;
  /** The same of its oldest one-off ask, which runs whether or not the model is owed. */
  reasonForAsk(duty: Duty, holdsLease?: boolean): SkipReason | null;
  owedSinceChanges(): { modelId: string; value: number | null }[];
}

export function surveyCascade(state: CascadeState, now: number, options: SurveyOptions): Survey {
  const index = indexCascade(state);
  const duties = state.models.map((model) => dutyOf(model, index, now, options));
  const byId = new Map(duties.map((duty) => [duty.model.id, duty]));
  const sets = surveySets(index, byId, now, options.maxWait);
  const waitsForSet = (id: string): boolean => isFrozen(sets.standings.get(id));
  const owedAbove = behindOwed(index, byId, waitsForSet);
  const failedAbove = behindGivenUp(index, byId);
  const syncingAbove = behindSyncing(index, byId, now);

  const reasonFor = (duty: Duty, holdsLease = false): SkipReason | null => {
    const { model, owed, stop } = duty;
    const upstream = owedAbove.get(model.id);
    const failed = failedAbove.get(model.id);
    const standing = sets.standings.get(model.id);
    if (stop) return stop.code === 'paused' && !duty.differs ? { code: 'up_to_date' } : stop;
    if (!owed && standing) return setReason(standing);
    if (!owed && upstream) return { code: 'upstream_owed', upstream };
    if (!owed) return failed ? { code: 'upstream_failed', upstream: failed } : { code: 'up_to_date' };
    if (!holdsLease && isRunning(duty, now)) return { code: 'running' };
    if (standing && isFrozen(standing)) return setReason(standing);
    if (model.retryAt !== null && model.retryAt > now) return backingOff(duty, model.retryAt);
    if (now - (model.owedSince ?? now) >= options.maxWait) return null;
    if (upstream) return { code: 'upstream_owed', upstream };
    // What its set waits for has waited long enough, even if this one was found to be owed only now.
    if (standing && now - standing.since >= options.maxWait) return null;
    const source = model.updatesOn === 'all' ? syncingAbove.get(model.id) : undefined;
    return source ? { code: 'source_syncing', source } : null;
  };

  const reasonForAsk = (duty: Duty, holdsLease = false): SkipReason | null => {
    if (duty.model.deleted) return { code: 'deleted' };
    if (!holdsLease && isRunning(duty, now)) return { code: 'running' };
    return missingInput(duty.model, index);
  };

  /**
   * The clock of max wait runs while a model is owed or below an owed one, or has built a candidate that is not yet
   * published, and stands for one that could not run.
   */
  const owedSinceChanges = (): { modelId: string; value: number | null }[] =>
    duties.flatMap(({ model, stop, owed }) => {
      const mayRun = stop === null || stop.code === 'input_missing';
      const counts = mayRun && (owed || owedAbove.has(model.id) || model.candidateVersion !== null);
      if (counts === (model.owedSince !== null)) return [];
      return [{ modelId: model.id, value: counts ? now : null }];
    });

  return { index, duties, sets, reasonFor, reasonForAsk, owedSinceChanges };
}

/** Built in this generation: it is built again only after its set was published, or could not be. */
const isFrozen = (standing: SetStanding | undefined): boolean =>
  standing !== undefined && !standing.due && standing.state !== 'blocked';

const setReason = ({ state, names }: SetStanding): SkipReason => {
  if (state === 'blocked') return { code: 'set_blocked', failed: names };
  return state === 'ready'
    ? { code: 'set_ready', others: names }
    : { code: 'set_in_progress', upstream: names };
};

const backingOff = ({ model }: Duty, until: number): SkipReason => {
  const { interruptions, failures } = model;
  return interruptions > 0
    ? { code: 'interrupted', interruptions, until }
    : { code: 'backoff', failures, until };
};

export const isRunning = ({ model }: Pick<Duty, 'model'>, now: number): boolean =>
  model.leaseUntil !== null && model.leaseUntil > now;
