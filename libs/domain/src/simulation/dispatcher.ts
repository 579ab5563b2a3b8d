/** Dispatching in two steps, between which anything may happen: load and decide, then move pointers, store hints and enqueue. */
import type { DispatchPlan } from '../readiness';
import { buryDead } from './interruptions';
import { dropCandidate, endShadowMode, publishSet } from './pointers';
import { limits, modelOf, type World } from './world';

export interface PendingDispatch {
  plans: DispatchPlan[];
  /** `interventions` as the plan saw it. */
  interventions: number;
  decidedAt: number;
}

/** Each organization by itself; without one: all of them, as the scheduler has it done. */
export function decideDispatch(world: World, organizationId?: string): PendingDispatch {
  buryDead(world);
  const state = world.protocol.load(world);
  const organizations = new Set(state.models.map((model) => model.organizationId));
  const plans = [...organizations]
    .filter((each) => organizationId === undefined || each === organizationId)
    .map((each) => {
      const models = state.models.filter((model) => model.organizationId === each);
      return world.protocol.planDispatch({ ...state, models }, world.now, limits);
    });
  return { plans, interventions: world.interventions, decidedAt: world.now };
}

/** @returns whether a pointer moved or a candidate went, so that there is something new to decide */
export function carryOutDispatch(world: World, pending: PendingDispatch): boolean {
  let moved = false;
  const wasUndisturbed = isUndisturbed(world, pending);
  for (const plan of pending.plans) {
    for (const id of plan.shadowsOver) moved = endShadowMode(world, modelOf(world, id)) || moved;
    for (const member of plan.dropped) moved = dropCandidate(world, member) || moved;
    for (const set of plan.publishSets) moved = publishSet(world, set, wasUndisturbed) || moved;
    for (const { modelId, kind } of plan.waitingAsks.filter(({ ends }) => ends)) {
      const model = modelOf(world, modelId);
      model.asks = model.asks.filter((ask) => ask.kind !== kind);
    }
    for (const { modelId, value } of plan.owedSince) modelOf(world, modelId).owedSince = value;
    for (const { modelId, priority } of plan.ready) world.queue.add(modelId, priority);
  }
  return moved;
}

/** Since the plan was made nobody has intervened, and no shadow mode has run out. */
const isUndisturbed = (world: World, { interventions, decidedAt }: PendingDispatch): boolean =>
  interventions === world.interventions &&
  world.models.every(
    ({ mode, shadowUntil }) =>
      mode === 'live' || shadowUntil === null || shadowUntil <= decidedAt || shadowUntil > world.now,
  );

/** Looks again as long as pointers move. */
export function dispatch(world: World): void {
  while (carryOutDispatch(world, decideDispatch(world)));
}
