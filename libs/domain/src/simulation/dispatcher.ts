/** Dispatching in two steps, between which anything may happen: load and decide, then store hints and enqueue. */
import type { DispatchPlan } from '../readiness';
import { limits, modelOf, type World } from './world';

export interface PendingDispatch {
  plan: DispatchPlan;
}

export const decideDispatch = (world: World): PendingDispatch => ({
  plan: world.protocol.planDispatch(world.protocol.load(world), world.now, limits),
});

export function carryOutDispatch(world: World, { plan }: PendingDispatch): void {
  for (const { modelId, value } of plan.owedSince) modelOf(world, modelId).owedSince = value;
  for (const { modelId, priority } of plan.ready) world.queue.add(modelId, priority);
}

export const dispatch = (world: World): void => carryOutDispatch(world, decideDispatch(world));
