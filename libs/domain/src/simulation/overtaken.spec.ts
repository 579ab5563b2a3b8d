import { dispatch } from './dispatcher';
import { fenceWithoutSnapshotCheck } from './mutants';
import { production, type Protocol } from './protocol';
import { advance, disconnectWorker, stepWorker } from './refresh-worker';
import { settle } from './settle';
import { beginSlice, commitSlice } from './sync';
import { join } from './topologies';
import { createWorld, limits, type World } from './world';

const changeTable = (world: World): void => {
  beginSlice(world, '0');
  commitSlice(world, '0', true);
};

const stepUntil = (world: World, index: number, stage: string): void => {
  for (let step = 0; world.workers[index]?.stage !== stage; step++) {
    if (step > 100) throw new Error(`Worker ${index} does not come to be ${stage}.`);
    stepWorker(world, index);
  }
};

/**
 * The first worker draws its attempt, loses its session unnoticed, and takes its snapshot only after a second worker has
 * drawn a later attempt and taken an earlier snapshot: attempts in one order, snapshots in the other.
 */
function twoWorkers(protocol: Protocol): World {
  const world = createWorld(join, protocol);
  settle(world);
  changeTable(world);
  dispatch(world);
  stepUntil(world, 0, 'leased');
  disconnectWorker(world, 0);
  advance(world, limits.lease + 1);
  dispatch(world);
  advance(world, limits.backoff[0] ?? 0);
  stepUntil(world, 1, 'building');
  changeTable(world);
  world.history = [];
  stepUntil(world, 0, 'ended');
  stepUntil(world, 1, 'ended');
  return world;
}

test('a build that began before a later attempt but saw newer data is dropped, and its model stays owed', () => {
  const world = twoWorkers(production());
  expect(world.history.map(({ outcome }) => outcome)).toEqual(['skipped', 'publish']);
  settle(world);
  expect(world.history.map(({ outcome }) => outcome)).toEqual(['skipped', 'publish', 'publish']);
});

test('comparing attempts alone would publish the older data over the newer', () => {
  expect(() => twoWorkers(fenceWithoutSnapshotCheck())).toThrow('publishing never goes back in time');
});
