/**
 * The dispatcher's decision: which models to refresh now, which candidates to publish, and why the others wait. One pure
 * function, which production runs over a loaded snapshot and the simulation runs over a million imagined ones
 * (docs/adr/0002).
 *
 * A model is ready when it is owed, nothing stops it, no refresh of it runs, its backoff has passed, it does not wait for
 * its set, and it is either past its max wait or neither behind an owed model nor behind a syncing source. Being behind
 * only ever delays.
 */
import type { RefreshKind } from '@freshet/contracts';
import { dutyOf, indexCascade, type Duty } from './cascade-index';
import type { CascadeState, ModelState, RefreshAsk, RefreshClass } from './cascade-state';
import { upstreamOf, type Graph } from './graph';
import { explainDifference, inputNames, vectorDifference, type InputVector } from './input-vector';
import { rankReady, refreshClass, type ReadyModel, type Runnable } from './ranking';
import type { PublishSet, SetMember } from './set-fence';
import { explainSkip, type SkipCode, type SkipReason } from './skip-reasons';
import { isRunning, surveyCascade, type Survey, type SurveyOptions } from './survey';

export interface DispatchOptions extends SurveyOptions {
  /** At most so many ready models are handed out at once; the rest stay in PostgreSQL, in order. */
  head: number;
}

export interface DispatchPlan {
  /** What to enqueue, best first, at most `head`. */
  ready: ReadyModel[];
  /** `owedSince` of these models is to be stored (null: cleared). */
  owedSince: { modelId: string; value: number | null }[];
  /** Every other model that has something to wait for, with the reason. */
  waiting: WaitingModel[];
  /** One-off asks that wait, or (`ends`) can't be served, with the reason. */
  waitingAsks: WaitingAsk[];
  /** Shadow modes whose time is over: live again, with their latest build as candidate. To be done first. */
  shadowsOver: string[];
  /** Candidates that can't be published any more: they count as not built. To be done first. */
  dropped: SetMember[];
  /** Candidates to publish now, each set at once (`decidePublishSet`). Empty while there is something to do first. */
  publishSets: PublishSet[];
}

export interface WaitingModel {
  modelId: string;
  /** False for one that is up to date or off, and is only told what happens above it. */
  owed: boolean;
  reason: SkipCode;
  sentence: string;
}

export interface WaitingAsk {
  modelId: string;
  kind: RefreshAsk['kind'];
  ends: boolean;
  reason: SkipCode;
  sentence: string;
}

export function planDispatch(state: CascadeState, now: number, options: DispatchOptions): DispatchPlan {
  const survey = surveyCascade(state, now, options);
  const runnables = survey.duties.flatMap((duty): Runnable[] => {
    const kind = kindToRun(survey, duty);
    return kind ? [{ model: duty.model, kind }] : [];
  });
  const watched = watchedWithUpstream(state.models, survey.index.graph);
  const ready = rankReady(runnables, watched, runningByOrganization(survey.duties, now), now);
  const places = new Map(ready.map(({ modelId }, place) => [modelId, place]));
  const live = new Set(ready.filter(({ kind }) => kind === 'live').map(({ modelId }) => modelId));
  const waiting = survey.duties.flatMap((duty): WaitingModel[] => {
    const { id: modelId } = duty.model;
    const place = places.get(modelId) ?? 0;
    if (live.has(modelId) && place < options.head) return [];
    const reason: SkipReason | null = live.has(modelId)
      ? { code: 'in_line', ahead: place }
      : survey.reasonFor(duty);
    if (!reason || reason.code === 'up_to_date' || reason.code === 'deleted') return [];
    return [{ modelId, owed: duty.owed, reason: reason.code, sentence: explainSkip(reason, now) }];
  });
  const handedOut = ready.slice(0, options.head);
  const shadowsOver = state.models.filter((model) => isShadowOver(model, now)).map(({ id }) => id);
  return {
    ready: handedOut,
    owedSince: survey.owedSinceChanges(),
    waiting,
    waitingAsks: survey.duties.flatMap((duty) => asksThatWait(survey, duty, places, options.head, now)),
    shadowsOver,
    dropped: survey.sets.dropped,
    publishSets: shadowsOver.length ? [] : survey.sets.ready,
  };
}

/** What is owed goes before what was only asked for once. */
function kindToRun(survey: Survey, duty: Duty, holdsLease = false): RefreshKind | null {
  if (duty.owed && survey.reasonFor(duty, holdsLease) === null) return 'live';
  const [ask] = duty.model.asks;
  return ask && survey.reasonForAsk(duty, holdsLease) === null ? ask.kind : null;
}

function asksThatWait(
  survey: Survey,
  duty: Duty,
  places: ReadonlyMap<string, number>,
  head: number,
  now: number,
): WaitingAsk[] {
  const { id: modelId, asks } = duty.model;
  const place = places.get(modelId);
  const handedOut = place !== undefined && place < head ? kindToRun(survey, duty) : null;
  const reason = survey.reasonForAsk(duty) ?? { code: 'in_line' as const, ahead: place ?? 1 };
  const ends = reason.code === 'deleted' || reason.code === 'input_deleted';
  return asks
    .filter(({ kind }) => kind !== handedOut)
    .map(({ kind }) => ({ modelId, kind, ends, reason: reason.code, sentence: explainSkip(reason, now) }));
}

const isShadowOver = ({ mode, shadowUntil, deleted }: ModelState, now: number): boolean =>
  !deleted && mode === 'shadow' && shadowUntil !== null && shadowUntil <= now;

/** Somebody looks at a result of these: those a dashboard reads that is open right now, and all that come before them. */
function watchedWithUpstream(models: readonly ModelState[], graph: Graph): Set<string> {
  const watched = new Set(models.filter((model) => model.watched).map(({ id }) => id));
  for (const id of [...watched]) for (const above of upstreamOf(graph, id).models) watched.add(above);
  return watched;
}

export type RunDecision =
  | { run: true; kind: RefreshKind; vector: InputVector; priorityClass: RefreshClass; why: string }
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
  const kind = kindToRun(survey, duty, options.holdsLease);
  if (!kind) return skip(survey.reasonFor(duty, options.holdsLease) ?? { code: 'up_to_date' });
  return {
    run: true,
    kind,
    vector: duty.vector,
    priorityClass: refreshClass(duty.model, kind),
    why: kind === 'live' ? whyOwed(duty, state) : whyAsked[kind],
  };
}

const whyAsked = {
  shadow: 'a shadow build was asked for; nothing is published',
  dry: 'a dry run was asked for; nothing is kept',
} as const;

const whyOwed = ({ model, vector }: Duty, state: CascadeState): string =>
  explainDifference(vectorDifference(model.builtVector, vector), inputNames(state));

/** Whether a model's latest build was made from other inputs than there are now, and somebody wants the difference. */
export const isOwed = (model: ModelState, state: CascadeState): boolean =>
  dutyOf(model, indexCascade(state), 0, { attempts: Infinity }).owed;

function runningByOrganization(duties: readonly Duty[], now: number): Map<string, number> {
  const running = new Map<string, number>();
  for (const duty of duties) {
    if (!isRunning(duty, now)) continue;
    const { organizationId } = duty.model;
    running.set(organizationId, (running.get(organizationId) ?? 0) + 1);
  }
  return running;
}
