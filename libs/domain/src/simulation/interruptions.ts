/** Attempts whose process or lease ended before they did: somebody notices, and counts them. */
import type { SimulatedModel, World } from './world';
import { limits } from './world';

export function buryDead(world: World): void {
  for (const model of world.models) if (model.running && !isLeased(world, model)) bury(world, model);
}

const isLeased = (world: World, { leaseUntil }: SimulatedModel): boolean =>
  leaseUntil !== null && leaseUntil > world.now;

function bury(world: World, model: SimulatedModel): void {
  const { running } = model;
  model.running = null;
  model.leaseUntil = null;
  if (!running || running.attempt <= model.lastFinishedAttempt) return;
  const { givenUp: _, ...stored } = world.protocol.afterInterruption(
    model,
    running.vector,
    world.now,
    limits,
  );
  Object.assign(model, stored);
}
