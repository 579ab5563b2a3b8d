/** What must hold at every moment, and what must hold once everything has come to rest. */
import { truthNow, truthOf } from './content';
import { indexCascade, dutyOf } from '../cascade-index';
import { limits, Violation, type SimulatedModel, type World } from './world';
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
  outcome: 'publish' | 'unchanged' | 'shadow',
): void {
  const { snapshot, attempt } = worker;
  if (!snapshot) throw new Violation('a build has a snapshot', model.name, world);
  const must = (holds: boolean, promise: string): void => {
    if (!holds) throw new Violation(promise, `${model.name}, attempt ${attempt}, ${outcome}`, world);
  };
  must(!model.deleted, 'nothing is published for a deleted model');
  must(snapshot.order > model.lastSnapshot, 'publishing never goes back in time');
  must(outcome === 'unchanged' || !model.versions.has(attempt), 'no version is published twice');
  must(snapshot.vector['d'] === model.definitionRevision, 'no result of an outdated definition is published');
  must(
    !model.inputs.some(({ kind, id }) => kind === 't' && world.streams[Number(id)]?.held),
    'held data is not published',
  );
  must(outcome !== 'publish' || model.pinnedVersion === null, 'a pinned model stays at its version');
  const published = model.versions.get(model.publishedVersion);
  must(outcome !== 'unchanged' || published === snapshot.result, 'unchanged means equal');
  must(
    outcome !== 'publish' || worker.equalsVersion !== model.publishedVersion,
    'an equal result keeps its version',
  );
}

/** Once a build is stored, its vector tells from what it was made. */
export function checkVectorTellsTheTruth(world: World, model: SimulatedModel): void {
  const told = model.builtVector && truthOf(world, model, model.builtVector);
  const held = model.versions.get(model.latestVersion);
  if (told !== held) {
    throw new Violation(
      'the stored vector tells the truth',
      `${model.name} holds ${held}, its vector says ${told}`,
      world,
    );
  }
}

/** Nobody is owed who could run. */
export function isAtRest(world: World): boolean {
  const index = indexCascade(world.protocol.load(world));
  const working = [...index.models.values()].some((model) => {
    const { owed, stop } = dutyOf(model, index, limits.attempts);
    return owed && stop === null;
  });
  return !working && world.queue.isEmpty && world.workers.every((worker) => worker.stage === 'idle');
}

/** Each model that follows its inputs holds what its query gives over them now. */
export function checkNoLostUpdate(world: World): void {
  const index = indexCascade(world);
  for (const model of world.models) {
    if (!model.autoRefresh || dutyOf(model, index, limits.attempts).stop) continue;
    const truth = truthNow(world, model);
    const held = model.versions.get(model.latestVersion);
    if (held !== truth) {
      throw new Violation(
        'no update is lost',
        `${model.name} holds ${held}, its query gives ${truth}`,
        world,
      );
    }
  }
}
