/** A source that never stops syncing, under a chain of models: who has to wait for how long? */
import { dispatch } from './dispatcher';
import type { Protocol } from './protocol';
import { advance } from './refresh-worker';
import { settle, workUntilIdle } from './settle';
import { beginSlice, beginSync, commitSlice, endSync } from './sync';
import { createWorld, type Topology, type World } from './world';

export interface BusySource {
  /** Milliseconds. */
  buildTime: number;
  commitEvery: number;
  dispatchEvery: number;
  /** Of ten syncs so many are followed by a moment of quiet. */
  quietTimes: number;
  lasts: number;
}

const tick = 100;

/** Milliseconds: for each model the longest time between two of its finished builds, the beginning and the end included. */
export function longestWaits(topology: Topology, busy: BusySource, protocol: Protocol): number[] {
  const world = createWorld(topology, protocol);
  settle(world);
  world.history = [];
  world.buildTime = busy.buildTime;
  const begin = world.now;
  for (let at = 0; at < busy.lasts; at += tick) {
    const commits = Math.floor(at / busy.commitEvery);
    if (at % busy.commitEvery < tick) sync(world, commits % 10 < busy.quietTimes);
    if (at % busy.dispatchEvery < tick) dispatch(world);
    workUntilIdle(world);
    advance(world, tick);
  }
  return world.models.map((model) => {
    const finished = world.history.filter(({ modelId }) => modelId === model.id).map(({ at }) => at);
    const times = [begin, ...finished, world.now];
    return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  });
}

/** The last sync commits and ends; the next begins at once, or after a moment of quiet. */
function sync(world: World, withQuiet: boolean): void {
  for (const stream of world.streams) {
    beginSlice(world, stream.id);
    commitSlice(world, stream.id, true);
  }
  world.sources.forEach((_, index) => endSync(world, index));
  if (withQuiet) dispatch(world);
  world.sources.forEach((_, index) => beginSync(world, index));
}
