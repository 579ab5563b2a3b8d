/** A schedule is a list of numbers, each of which chooses what happens next; so fast-check can invent and shrink it. */
import { carryOutDispatch, decideDispatch, dispatch } from './dispatcher';
import {
  askForRefresh,
  askOnce,
  createModel,
  editDefinition,
  modelAt,
  pin,
  release,
  shadow,
  switchPublishMode,
} from './people';
import { isShadowed } from './pointers';
import { advance, disconnectWorker, killWorker, stepWorker } from './refresh-worker';
import { beginSlice, beginSync, commitSlice, endSync, rollBackSlice } from './sync';
import type { World } from './world';

type Event = (world: World, choice: number) => void;

const streamId = (world: World, choice: number): string => String(choice % world.streams.length);

/** Time passing comes first: shrinking puts the smallest number, and so something harmless, for what doesn't matter. */
const events: Record<string, { weight: number; happen: Event }> = {
  'some time passes': {
    weight: 3,
    happen: (world, choice) => advance(world, [10, 500, 3_000][choice % 3] ?? 10),
  },
  'a worker steps': {
    weight: 22,
    happen: (world, choice) => void stepWorker(world, choice % world.workers.length),
  },
  'a worker runs on': { weight: 8, happen: runOn },
  'a slice begins': { weight: 6, happen: (world, choice) => beginSlice(world, streamId(world, choice)) },
  'a slice commits': {
    weight: 7,
    happen: (world, choice) => commitSlice(world, streamId(world, choice), choice % 7 > 0),
  },
  'a slice rolls back': {
    weight: 1,
    happen: (world, choice) => rollBackSlice(world, streamId(world, choice)),
  },
  'a sync begins': { weight: 2, happen: beginSync },
  'a sync ends': { weight: 2, happen: endSync },
  'a dispatch': { weight: 7, happen: dispatch },
  'a dispatch decides': {
    weight: 3,
    happen: (world) => void world.pendingDispatches.push(decideDispatch(world)),
  },
  'a dispatch is carried out': { weight: 3, happen: (world) => carryOutPending(world) },
  'a dispatch is lost': { weight: 1, happen: (world) => void world.pendingDispatches.shift() },
  'much time passes': { weight: 2, happen: (world, choice) => advance(world, choice % 2 ? 16_000 : 61_000) },
  'a worker is killed': {
    weight: 2,
    happen: (world, choice) => killWorker(world, choice % world.workers.length),
  },
  'a worker loses its session': {
    weight: 2,
    happen: (world, choice) => disconnectWorker(world, choice % world.workers.length),
  },
  'Redis is flushed': { weight: 1, happen: (world) => world.queue.flush() },
  'a definition is edited': {
    weight: 2,
    happen: (world, choice) => editDefinition(world, modelAt(world, choice), choice >> 4),
  },
  'a refresh is asked for': {
    weight: 2,
    happen: (world, choice) => askForRefresh(world, modelAt(world, choice), choice % 2 ? 1 : 2),
  },
  'auto-refresh is switched': {
    weight: 1,
    happen: (world, choice) => toggle(world, modelAt(world, choice), 'autoRefresh'),
  },
  'a model is paused or resumed': {
    weight: 1,
    happen: (world, choice) => toggle(world, modelAt(world, choice), 'paused'),
  },
  'a model is pinned, shadowed or released': { weight: 1, happen: toggleShadow },
  'a one-off build is asked for': {
    weight: 1,
    happen: (world, choice) => askOnce(world, modelAt(world, choice >> 1), choice % 2 ? 'shadow' : 'dry'),
  },
  'a project publishes together or each': {
    weight: 1,
    happen: (world, choice) => {
      if (choice % 4 === 0) switchPublishMode(world, modelAt(world, choice >> 2));
    },
  },
  'a model is created': {
    weight: 1,
    happen: (world, choice) => {
      if (choice % 4 === 0) createModel(world, modelAt(world, choice >> 3), choice % 8 === 0);
    },
  },
  'builds of a model fail or succeed': { weight: 1, happen: toggleFailing },
  'a table is held or released': {
    weight: 1,
    happen: (world, choice) => toggle(world, world.streams[choice % world.streams.length], 'held'),
  },
  'a model is deleted': {
    weight: 1,
    happen: (world, choice) => {
      if (choice % 8 !== 0) return;
      modelAt(world, choice >> 3).deleted = true;
      world.interventions++;
    },
  },
};

function toggle<K extends string>(world: World, subject: Record<K, boolean> | undefined, key: K): void {
  if (subject) subject[key] = !subject[key];
  world.interventions++;
}

function toggleShadow(world: World, choice: number): void {
  const model = modelAt(world, choice);
  if (isShadowed(model, world.now)) release(world, model);
  else if (choice % 3 === 0) shadow(world, model, choice % 2 === 0);
  else pin(world, model, choice >> 4);
}

function toggleFailing(world: World, choice: number): void {
  const model = modelAt(world, choice);
  const verdict = (['discard', 'retry', 'retry', 'kill'] as const)[(choice >> 4) % 4] ?? 'retry';
  model.failing = model.failing ? null : verdict;
}

/** Several steps of one worker in a row, so that whole refreshes fit between two other events. */
export function runOn(world: World, choice: number): void {
  for (let step = 0; step < 2 + (choice % 9); step++) stepWorker(world, (choice >> 4) % world.workers.length);
}

export function carryOutPending(world: World): void {
  const pending = world.pendingDispatches.shift();
  if (pending) carryOutDispatch(world, pending);
}

const wheel = Object.entries(events).flatMap(([name, { weight, happen }]) =>
  Array.from({ length: weight }, () => ({ name, happen })),
);

/** Numbers below this are all the choices there are. */
export const choices = wheel.length * 1_024;

export function runSchedule(world: World, schedule: readonly number[]): void {
  for (const number of schedule) {
    const chosen = wheel[number % wheel.length];
    const choice = Math.floor(number / wheel.length);
    if (!chosen) continue;
    world.trace.push({ event: chosen.name, choice });
    chosen.happen(world, choice);
  }
}
