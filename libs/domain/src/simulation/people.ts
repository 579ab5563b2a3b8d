/** What people do meanwhile: edit SQL, ask for refreshes, switch, pause, pin, release, shadow, hold, create, delete. */
import type { RefreshAsk } from '../cascade-state';
import { inputKey } from '../graph';
import { vectorsEqual } from '../input-vector';
import { isShadowed, movePointer, standOnPublished } from './pointers';
import { vectorNow } from './protocol';
import { isHeld, modelOf, newModel, type SimulatedModel, type World } from './world';

/** SQL edits change the result; some also drop or take up an input, some (guards, indexes) change nothing of it. */
export function editDefinition(world: World, model: SimulatedModel, kind: number): void {
  const { salt } = model.definitions[model.definitionRevision] ?? { salt: 0 };
  const all = model.definitions[1]?.inputs ?? [];
  const inputs = kind % 3 === 2 && model.inputs.length === all.length && all.length > 1 ? all.slice(1) : all;
  model.definitions.push({ inputs, salt: kind % 3 === 1 ? salt : salt + 1 });
  model.inputs = inputs;
  model.definitionRevision++;
  world.interventions++;
  world.protocol.definitionOrForceChanges?.(model.id);
}

export function askForRefresh(world: World, model: SimulatedModel, requestClass: 1 | 2): void {
  model.forced++;
  model.requestedAt ??= world.now;
  model.requestClass = model.requestClass === 1 ? 1 : requestClass;
  world.protocol.definitionOrForceChanges?.(model.id);
}

/** Rollback: back to an older version that was live, and pinned there. A candidate is a build like others from then on. */
export function pin(world: World, model: SimulatedModel, choice: number): void {
  const versions = [...model.versions.keys()];
  const version = versions[choice % versions.length];
  if (version === undefined || model.publishedVersion === 0) return;
  world.interventions++;
  model.pinnedVersion = version;
  movePointer(world, model, version);
}

/** Releasing a pin, or ending shadow mode, publishes the latest build if it is of the present definition. */
export function release(world: World, model: SimulatedModel): void {
  if (!isShadowed(model, world.now)) return;
  world.interventions++;
  model.pinnedVersion = null;
  model.mode = 'live';
  model.shadowUntil = null;
  const latest = model.versions.get(model.latestVersion);
  const mayPublish = latest?.vector['d'] === model.definitionRevision && !isHeld(world, model.id);
  if (!mayPublish || isBuiltFromCandidate(world, model)) return standOnPublished(model);
  movePointer(world, model, model.latestVersion);
}

/** Shadow builds read the heads, as all builds do: what reads a candidate must not be published before it. */
const isBuiltFromCandidate = (world: World, model: SimulatedModel): boolean =>
  model.inputs.some((input) => {
    const seen = model.versions.get(model.latestVersion)?.vector[inputKey(input)] ?? 0;
    return input.kind === 'm' && seen > modelOf(world, input.id).publishedVersion;
  });

/** Shadow mode for a minute, or until somebody ends it. */
export function shadow(world: World, model: SimulatedModel, forGood: boolean): void {
  world.interventions++;
  model.mode = 'shadow';
  model.shadowUntil = forGood ? null : world.now + 60_000;
}

export function askOnce(world: World, model: SimulatedModel, kind: RefreshAsk['kind']): void {
  if (!model.asks.some((ask) => ask.kind === kind)) model.asks.push({ kind, requestedAt: world.now });
}

export function switchPublishMode(world: World, model: SimulatedModel): void {
  if (!world.switchesModes) return;
  world.interventions++;
  const publishMode = model.publishMode === 'each' ? 'together' : 'each';
  for (const each of world.models) if (each.projectId === model.projectId) each.publishMode = publishMode;
}

/** A new model beside, or over, one that there is. */
export function createModel(world: World, model: SimulatedModel, isOver: boolean): void {
  if (world.models.length > 7) return;
  world.interventions++;
  const reads = isOver ? [{ kind: 'm' as const, id: model.id }, ...model.inputs.slice(0, 1)] : model.inputs;
  const created = newModel(String(world.models.length), { reads }, undefined);
  const { organizationId, projectId, publishMode } = model;
  world.models.push({ ...created, organizationId, projectId, publishMode });
}

/** Everything that people have stopped goes on again, and failing models are mended and asked for. */
export function liftAllStops(world: World): void {
  world.interventions++;
  for (const stream of world.streams) {
    stream.held = false;
    stream.sliceOpen = false;
  }
  for (const model of world.models) {
    model.paused = false;
    model.failing = null;
    release(world, model);
    if (vectorsEqual(model.failedVector, vectorNow(world, model))) askForRefresh(world, model, 1);
  }
}

export const modelAt = (world: World, choice: number): SimulatedModel =>
  modelOf(world, String(choice % world.models.length));
