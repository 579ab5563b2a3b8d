/** The property: whatever happens in whatever order, nothing is ever wrong, and in the end nothing is missing. */
import fc from 'fast-check';
import { checkNoLostUpdate } from './invariants';
import { liftAllStops } from './people';
import type { Protocol } from './protocol';
import { choices, runSchedule } from './schedule';
import { settle } from './settle';
import { settings } from './settings';
import { anyTopology } from './topologies';
import { createWorld, type Topology, type World } from './world';

export function live(topology: Topology, schedule: readonly number[], protocol: Protocol): World {
  const world = createWorld(topology, protocol);
  settle(world);
  runSchedule(world, schedule);
  settle(world);
  checkNoLostUpdate(world);
  liftAllStops(world);
  settle(world);
  checkNoLostUpdate(world);
  return world;
}

export const anySchedule = fc.array(fc.nat(choices - 1), { minLength: 1, maxLength: 150, size: 'max' });

/** Runs the property and tells what it found; `failed` with the shrunk schedule's violation, or not. */
export const searchChaos = (
  protocol: () => Protocol,
  runs: number,
  { topology = anyTopology, shrinks = true }: { topology?: fc.Arbitrary<Topology>; shrinks?: boolean } = {},
) =>
  fc.check(
    fc.property(topology, anySchedule, (shape, schedule) => void live(shape, schedule, protocol())),
    { seed: settings.seed, numRuns: runs * settings.times, endOnFailure: !shrinks },
  );
