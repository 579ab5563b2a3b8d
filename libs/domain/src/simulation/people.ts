/** What people do meanwhile: edit SQL, ask for refreshes, switch, pause, pin, release, hold, delete. */
import { modelOf, type SimulatedModel, type World } from './world';
import { vectorsEqual } from '../input-vector';
import { vectorNow } from './protocol';

/** SQL edits change the result; some also drop or take up an input, some (guards, indexes) change nothing of it. */
export function editDefinition(world: World, model: SimulatedModel, kind: number): void {
  const { salt } = model.definitions[model.definitionRevision] ?? { salt: 0 };
  const all = model.definitions[1]?.inputs ?? [];
  const inputs = kind % 3 === 2 && model.inputs.length === all.length && all.length > 1 ? all.slice(1) : all;
  model.definitions.push({ inputs, salt: kind % 3 === 1 ? salt : salt + 1 });
  model.inputs = inputs;
  model.definitionRevision++;
  world.protocol.definitionOrForceChanges?.(model.id);
}

export function askForRefresh(world: World, model: SimulatedModel, requestClass: 1 | 2): void {
  model.forced++;
  model.requestedAt ??= world.now;
  model.requestClass = model.requestClass === 1 ? 1 : requestClass;
  world.protocol.definitionOrForceChanges?.(model.id);
}

/** Rollback: back to an older version that was live, and pinned there. */
export function pin(world: World, model: SimulatedModel, choice: number): void {
  const versions = [...model.versions.keys()];
  const version = versions[choice % versions.length];
  if (version === undefined || model.publishedVersion === 0) return;
  model.pinnedVersion = version;
  movePointer(world, model, version);
}

/** Releasing a pin publishes the latest build. */
export function releasePin(world: World, model: SimulatedModel): void {
  if (model.pinnedVersion === null) return;
  model.pinnedVersion = null;
  movePointer(world, model, model.latestVersion);
}

function movePointer(world: World, model: SimulatedModel, version: number): void {
  if (model.publishedVersion === version) return;
  model.publishedVersion = version;
  world.protocol.versionMoves?.(world, model.id);
}

/** Everything that people have stopped goes on again, and failing models are mended and asked for. */
export function liftAllStops(world: World): void {
  for (const stream of world.streams) {
    stream.held = false;
    stream.sliceOpen = false;
  }
  for (const model of world.models) {
    model.paused = false;
    model.failing = null;
    releasePin(world, model);
    if (vectorsEqual(model.failedVector, vectorNow(world, model))) askForRefresh(world, model, 1);
  }
}

export const modelAt = (world: World, choice: number): SimulatedModel =>
  modelOf(world, String(choice % world.models.length));
