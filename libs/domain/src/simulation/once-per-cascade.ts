/** The property: when nothing else interferes, a cascade refreshes each model whose inputs changed once, and no other. */
import fc from 'fast-check';
import { carryOutDispatch, decideDispatch, dispatch } from './dispatcher';
import { advance, stepWorker } from './refresh-worker';
import { carryOutPending, runOn } from './schedule';
import type { Protocol } from './protocol';
import { settings } from './settings';
import { settle } from './settle';
import { beginSlice, beginSync, commitSlice, endSync } from './sync';
import { anyTopology } from './topologies';
import { createWorld, Violation, type SimulatedModel, type Topology, type World } from './world';

type Event = (world: World, choice: number) => void;

/** Syncs of all sources at once; their slices and ends, dispatches and refreshes in any order; no time to speak of. */
const events: Event[] = [
  (world) => advance(world, 10),
  dispatch,
  (world) => void world.pendingDispatches.push(decideDispatch(world)),
  carryOutPending,
  (world, choice) => void stepWorker(world, choice % world.workers.length),
  (world, choice) => void stepWorker(world, choice % world.workers.length),
  runOn,
  commitWhileSyncing,
  endSync,
];

function commitWhileSyncing(world: World, choice: number): void {
  const stream = world.streams[choice % world.streams.length];
  if (!stream || !world.sources.some(({ id, syncingUntil }) => id === stream.sourceId && syncingUntil))
    return;
  beginSlice(world, stream.id);
  commitSlice(world, stream.id, true);
}

export function cascade(topology: Topology, schedule: readonly number[], protocol: Protocol): World {
  const world = createWorld(topology, protocol);
  settle(world);
  const before = { revisions: world.streams.map(({ revision }) => revision), versions: versionsOf(world) };
  world.history = [];
  world.sources.forEach((_, index) => beginSync(world, index));
  for (const number of schedule) events[number % events.length]?.(world, Math.floor(number / events.length));
  world.sources.forEach((_, index) => endSync(world, index));
  for (const pending of world.pendingDispatches) carryOutDispatch(world, pending);
  settle(world);
  for (const model of world.models) checkOnce(world, model, before);
  return world;
}

const versionsOf = (world: World): number[] => world.models.map(({ publishedVersion }) => publishedVersion);

/** What the model reads has another revision or version than before: one refresh. Else none: early cut-off. */
function checkOnce(
  world: World,
  model: SimulatedModel,
  before: { revisions: number[]; versions: number[] },
): void {
  const isChanged = model.inputs.some(({ kind, id }) =>
    kind === 't'
      ? world.streams[Number(id)]?.revision !== before.revisions[Number(id)]
      : world.models[Number(id)]?.publishedVersion !== before.versions[Number(id)],
  );
  const refreshes = world.history.filter(({ modelId }) => modelId === model.id).length;
  if (refreshes !== Number(isChanged)) {
    throw new Violation('once per cascade', `${model.name} was refreshed ${refreshes} times`, world);
  }
}

const anySchedule = fc.array(fc.nat(events.length * 256 - 1), { minLength: 1, maxLength: 80, size: 'max' });
const waitingForAll = anyTopology.map(({ streams, projects, models }) => ({
  streams,
  projects,
  models: models.map((model) => ({ ...model, updatesOn: 'all' as const })),
}));

export const searchCascades = (
  protocol: () => Protocol,
  runs: number,
  topology: fc.Arbitrary<Topology> = waitingForAll,
) =>
  fc.check(
    fc.property(topology, anySchedule, (shape, schedule) => void cascade(shape, schedule, protocol())),
    { seed: settings.seed, numRuns: runs * settings.times },
  );
