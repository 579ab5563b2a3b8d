import fc from 'fast-check';
import { longestWaits, type BusySource } from './busy-source';
import { maxWaitOnlyForTheOwed, unchangedOnesDelayTheirSet, withoutFreeze } from './mutants';
import { production, type Protocol } from './protocol';
import { settings } from './settings';
import { chainOfFour, diamond, together } from './topologies';
import { limits, type Topology } from './world';

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
  longestWaits(chainOfFour, busy, protocol).every(({ built }) => built <= bound(busy));

/** The same of what readers see: a generation is published within one max wait and the builds of two. */
const isPublishedWithin = (topology: Topology, busy: BusySource, protocol: Protocol): boolean =>
  longestWaits(together(topology), busy, protocol).every(
    ({ published }, index) =>
      topology.models[index]?.coarse === 1_000_000 || published <= 2 * bound(busy) - limits.maxWait,
  );

/** Its bottom and one side always come out equal, and follow the table themselves. */
const mostlyEqual: Topology = {
  streams: [0],
  models: diamond.models.map((model, index) => ({
    reads: [...model.reads, { kind: 't' as const, id: '0' }].filter(
      ({ kind, id }, place, all) => all.findIndex((each) => each.kind === kind && each.id === id) === place,
    ),
    coarse: index > 1 ? 1_000_000 : 1,
  })),
};

const anyPace: fc.Arbitrary<BusySource> = fc.record({
  buildTime: fc.integer({ min: 0, max: 5_000 }),
  commitEvery: fc.constantFrom(100, 200, 500, 2_000),
  dispatchEvery: fc.constantFrom(100, 500, 1_000),
  quietTimes: fc.nat(10),
  lasts: fc.constant(4 * minute),
});

test('a source that never stops syncing starves nobody: each of four chained models is refreshed within one max wait', () => {
  expect(isWithin(always, production())).toBe(true);
});

test('so for any pace of commits, builds and dispatches, with and without quiet moments', () => {
  fc.assert(
    fc.property(anyPace, (busy) => isWithin(busy, production())),
    { seed: settings.seed, numRuns: 12 * settings.times },
  );
});

test('finds the starvation of models whose clock starts only when they are themselves owed', () => {
  expect(isWithin(always, maxWaitOnlyForTheOwed())).toBe(false);
});

describe('published together', () => {
  test.each([
    ['a chain of four', chainOfFour],
    ['a diamond', diamond],
    ['a diamond of which some come out equal', mostlyEqual],
  ])('each generation of %s is published, however busy its source', (_what, topology) => {
    expect(isPublishedWithin(topology, always, production())).toBe(true);
    fc.assert(
      fc.property(anyPace, (busy) => isPublishedWithin(topology, busy, production())),
      { seed: settings.seed, numRuns: 4 * settings.times },
    );
  });

  test('finds the starvation of sets whose candidates follow each change of their tables', () => {
    expect(isPublishedWithin(chainOfFour, always, withoutFreeze())).toBe(false);
  });

  test('finds the starvation of sets that wait for whoever is owed, though it has seen enough', () => {
    expect(isPublishedWithin(mostlyEqual, always, unchangedOnesDelayTheirSet())).toBe(false);
  });
});
