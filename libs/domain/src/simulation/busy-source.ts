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

interface Waits {
  /** Between two of its finished builds. */
  built: number;
  /** Between two moves of its pointer with a set. */
  published: number;
}

/** Milliseconds: for each model the longest times, the beginning and the end included. */
export function longestWaits(topology: Topology, busy: BusySource, protocol: Protocol): Waits[] {
  const world = createWorld(topology, protocol);
  settle(world);
  world.history = [];
  world.publications = [];
  world.buildTime = busy.buildTime;
  const begin = world.now;
  for (let at = 0; at < busy.lasts; at += tick) {
    const commits = Math.floor(at / busy.commitEvery);
    if (at % busy.commitEvery < tick) sync(world, commits % 10 < busy.quietTimes);
    if (at % busy.dispatchEvery < tick) dispatch(world);
    workUntilIdle(world);
    advance(world, tick);
  }
  const longest = (times: number[]): number =>
    Math.max(...[...times, world.now].map((time, index) => time - (times[index - 1] ?? begin)));
  return world.models.map(({ id }) => ({
    built: longest(world.history.filter(({ modelId }) => modelId === id).map(({ at }) => at)),
    published: longest(
      world.publications.filter(({ modelIds }) => modelIds.includes(id)).map(({ at }) => at),
    ),
  }));
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
