/** What must hold at every moment, and what must hold once everything has come to rest. */
import { dutyOf, indexCascade, missingInput } from '../cascade-index';
import { inputKey } from '../graph';
import type { InputVector } from '../input-vector';
import { planDispatch } from '../readiness';
import type { PublishDecision } from '../publish-fence';
import type { SetMember } from '../set-fence';
import { truthOf } from './content';
import { isShadowed } from './pointers';
import { vectorNow } from './protocol';
import { isHeld, limits, modelOf, Violation, type SimulatedModel, type World } from './world';
import type { Worker } from './worker-state';

/** Counted over the workers, not over the locks that are to ensure it. One that lost its session has no slot any more. */
export function checkSlots(world: World): void {
  const refreshing = world.workers.filter(
    ({ stage, connected }) => connected && (stage === 'leased' || stage === 'building' || stage === 'built'),
  );
  if (refreshing.length > limits.slots) {
    throw new Violation('never more refreshes than slots', `${refreshing.length}`, world);
  }
}

/** At the moment a build is stored, before it is. */
export function checkStoredBuild(
  world: World,
  model: SimulatedModel,
  worker: Worker,
  decision: PublishDecision,
): void {
  const { snapshot, attempt } = worker;
  const { outcome } = decision;
  if (!snapshot) throw new Violation('a build has a snapshot', model.name, world);
  const must = (holds: boolean, promise: string): void => {
    if (!holds) throw new Violation(promise, `${model.name}, attempt ${attempt}, ${outcome}`, world);
  };
  must(!model.deleted, 'nothing is published for a deleted model');
  must(outcome === 'unchanged' || !model.versions.has(attempt), 'no version is published twice');
  must(worker.kind === 'live' || outcome === 'aside', 'what was only asked for once publishes nothing');
  if (outcome === 'aside') return;
  must(snapshot.order > model.lastSnapshot, 'publishing never goes back in time');
  must(snapshot.vector['d'] === model.definitionRevision, 'no result of an outdated definition is published');
  must(!isHeld(world, model.id), 'held data is not published');
  must(
    outcome === 'shadow' || !isShadowed(model, world.now),
    'a pinned model stays at its version, and so does one in shadow mode',
  );
  must(
    outcome !== 'publish' || model.publishMode === 'each',
    'a project that publishes together moves no pointer alone',
  );
  const kept = decision.outcome === 'unchanged' ? model.versions.get(decision.keeps)?.content : undefined;
  must(outcome !== 'unchanged' || kept === snapshot.result, 'unchanged means equal');
  const isHead = worker.equalsVersion === (model.candidateVersion ?? model.publishedVersion);
  must((outcome !== 'publish' && outcome !== 'candidate') || !isHead, 'an equal result keeps its version');
}

/** Once a build is stored, its vector tells from what it was made. */
export function checkVectorTellsTheTruth(world: World, model: SimulatedModel): void {
  const told = model.builtVector ? truthOf(world, model, model.builtVector) : undefined;
  const held = model.versions.get(model.latestVersion)?.content;
  if (told !== held) {
    throw new Violation(
      'the stored vector tells the truth',
      `${model.name} holds ${held}, its vector says ${told}`,
      world,
    );
  }
}

/**
 * After a set's pointers have moved. Who of those that read the same was stopped is known when nobody has intervened
 * since the plan: all others must have come along.
 */
export function checkPublishedSet(
  world: World,
  members: readonly SetMember[],
  before: readonly (InputVector | null)[],
  wasUndisturbed: boolean,
): void {
  const index = indexCascade(world);
  members.forEach(({ modelId }, place) => {
    const model = modelOf(world, modelId);
    const { definitionRevision, publishedVersion, publishedVector } = model;
    const must = (holds: boolean, promise: string): void => {
      if (!holds) throw new Violation(promise, `${model.name}, version ${publishedVersion}`, world);
    };
    must(!model.deleted, 'nothing is published for a deleted model');
    must(publishedVector?.['d'] === definitionRevision, 'no result of an outdated definition is published');
    must(!isHeld(world, modelId), 'held data is not published');
    must(!model.paused, 'nothing is published for a paused model');
    must(
      !isShadowed(model, world.now),
      'a pinned model stays at its version, and so does one in shadow mode',
    );
    if (!wasUndisturbed || model.publishMode === 'each') return;
    for (const input of model.inputs) {
      const seen = publishedVector?.[inputKey(input)] ?? 0;
      const upstream = input.kind === 'm' ? modelOf(world, input.id) : undefined;
      if (upstream) must(seen <= upstream.publishedVersion || upstream.pinnedVersion !== null, together);
      const shown = before[place]?.[inputKey(input)];
      if (upstream || shown === undefined || shown === seen) continue;
      const least = leastShown(world, members, before, inputKey(input));
      for (const reader of readersThatFollow(world, index, inputKey(input), model)) {
        must((reader.publishedVector?.[inputKey(input)] ?? 0) >= least, together);
      }
    }
    for (const reader of readersThatFollow(world, index, `m:${modelId}`, model)) {
      must(reader.publishedVector?.[`m:${modelId}`] === publishedVersion, together);
    }
  });
}

/** Of a table that moved for members which had shown an earlier revision of it: the least they show now. */
const leastShown = (
  world: World,
  members: readonly SetMember[],
  before: readonly (InputVector | null)[],
  key: string,
): number =>
  Math.min(
    ...members.map(({ modelId }, place) => {
      const [shown, seen] = [before[place]?.[key], modelOf(world, modelId).publishedVector?.[key]];
      return shown === undefined || seen === undefined || shown === seen ? Infinity : seen;
    }),
  );

const together = 'readers see the whole of a set or nothing of it';

/** Those of its project that read the same, and follow what they read: each was refreshed, or stood in the set's way. */
const readersThatFollow = (
  world: World,
  index: ReturnType<typeof indexCascade>,
  key: string,
  { projectId }: SimulatedModel,
): SimulatedModel[] =>
  world.models.filter((reader) => {
    if (reader.projectId !== projectId || reader.deleted || !reader.autoRefresh || reader.paused)
      return false;
    if (isShadowed(reader, world.now) || !reader.inputs.some((input) => inputKey(input) === key))
      return false;
    const { stop } = dutyOf(reader, index, world.now, limits);
    return stop === null || stop.code === 'given_up';
  });

/** Nobody is owed who could run, and no candidate waits that could be published. */
export function isAtRest(world: World): boolean {
  const state = world.protocol.load(world);
  const index = indexCascade(state);
  const working = [...index.models.values()].some((model) => {
    const { owed, stop } = dutyOf(model, index, world.now, limits);
    const isAsked = model.asks.length > 0 && !model.deleted && missingInput(model, index) === null;
    return isAsked || (owed && stop === null);
  });
  const { publishSets, shadowsOver, dropped } = planDispatch(state, world.now, limits);
  const moving = publishSets.length + shadowsOver.length + dropped.length > 0;
  return !working && !moving && world.queue.isEmpty && world.workers.every(({ stage }) => stage === 'idle');
}

/** Each model that follows its inputs holds what its query gives over them now, and shows it unless its set is blocked. */
export function checkNoLostUpdate(world: World): void {
  const index = indexCascade(world);
  const { waiting } = planDispatch(world, world.now, limits);
  const blocked = new Set(
    waiting.filter(({ reason }) => reason === 'set_blocked').map(({ modelId }) => modelId),
  );
  for (const model of world.models) {
    if (!model.autoRefresh || dutyOf(model, index, world.now, limits).stop) continue;
    const truth = truthOf(world, model, vectorNow(world, model));
    const held = model.versions.get(model.latestVersion)?.content;
    const shown = model.versions.get(model.publishedVersion)?.content;
    const isKeptBack = isShadowed(model, world.now) || blocked.has(model.id);
    if (held !== truth || (shown !== truth && !isKeptBack)) {
      throw new Violation(
        'no update is lost',
        `${model.name} holds ${held} and shows ${shown}, its query gives ${truth}`,
        world,
      );
    }
  }
}
