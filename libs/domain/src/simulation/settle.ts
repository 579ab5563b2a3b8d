/** The world left to itself: the scheduler dispatches, workers work, leases expire, until nothing is owed. */
import { dispatch } from './dispatcher';
import { isAtRest } from './invariants';
import { advance, stepWorker } from './refresh-worker';
import { Violation, type World } from './world';

/** Enough for all backoffs and expiring leases of a chain of models. */
const rounds = 200;
const pause = 5_000;
/** More steps than any honest round needs: beyond them dispatching and refusing would go on for ever. */
const stepsPerRound = 2_000;

export function settle(world: World): void {
  for (let round = 0; round < rounds; round++) {
    world.pendingDispatches = [];
    dispatch(world);
    workUntilIdle(world);
    if (isAtRest(world)) return;
    advance(world, pause);
  }
  throw new Violation('everything comes to rest', `still working after ${rounds} rounds`, world);
}

/** All workers go on, taking turns, as far as they can at this moment. */
export function workUntilIdle(world: World): void {
  for (let step = 0; step < stepsPerRound; step++) {
    if (!world.workers.some((_, index) => stepWorker(world, index))) return;
  }
  throw new Violation('everything comes to rest', `still busy after ${stepsPerRound} steps`, world);
}
