import fc from 'fast-check';
import { longestWaits, type BusySource } from './busy-source';
import { maxWaitOnlyForTheOwed } from './mutants';
import { production, type Protocol } from './protocol';
import { settings } from './settings';
import { chainOfFour } from './topologies';
import { limits } from './world';

const minute = 60_000;
const always: BusySource = {
  buildTime: 500,
  commitEvery: 100,
  dispatchEvery: 1_000,
  quietTimes: 0,
  lasts: 6 * minute,
};

/** Max wait once, not once a level; beyond it each level costs its build and the moments between events. */
const bound = ({ buildTime, dispatchEvery }: BusySource): number =>
  limits.maxWait + chainOfFour.models.length * (buildTime + dispatchEvery + 300);

const isWithin = (busy: BusySource, protocol: Protocol): boolean =>
  longestWaits(chainOfFour, busy, protocol).every((wait) => wait <= bound(busy));

test('a source that never stops syncing starves nobody: each of four chained models is refreshed within one max wait', () => {
  expect(isWithin(always, production())).toBe(true);
});

test('so for any pace of commits, builds and dispatches, with and without quiet moments', () => {
  fc.assert(
    fc.property(
      fc.record({
        buildTime: fc.integer({ min: 0, max: 5_000 }),
        commitEvery: fc.constantFrom(100, 200, 500, 2_000),
        dispatchEvery: fc.constantFrom(100, 500, 1_000),
        quietTimes: fc.nat(10),
        lasts: fc.constant(4 * minute),
      }),
      (busy) => isWithin(busy, production()),
    ),
    { seed: settings.seed, numRuns: 12 * settings.times },
  );
});

test('finds the starvation of models whose clock starts only when they are themselves owed', () => {
  expect(isWithin(always, maxWaitOnlyForTheOwed())).toBe(false);
});
