/** A cascade state made ready for questions: look-ups by id, the graph, and each model's current vector and duty. */
import type { CascadeState, ModelState, SourceState, StreamState } from './cascade-state';
import { buildGraph, type Graph, type ModelInput } from './graph';
import { isGivenUp } from './failures';
import { headOf } from './heads';
import { vectorFrom, vectorsEqual, type InputVector } from './input-vector';
import type { StopReason } from './skip-reasons';

export interface CascadeIndex {
  readonly streams: ReadonlyMap<string, StreamState>;
  readonly sources: ReadonlyMap<string, SourceState>;
  readonly models: ReadonlyMap<string, ModelState>;
  readonly graph: Graph;
}

export const indexCascade = (state: CascadeState): CascadeIndex => ({
  streams: byId(state.streams),
  sources: byId(state.sources),
  models: byId(state.models),
  graph: buildGraph(state.models.filter((model) => !model.deleted)),
});

function byId<T extends { id: string }>(rows: readonly T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const row of rows) map.set(row.id, row);
  return map;
}

export const indexedVector = (model: ModelState, index: CascadeIndex): InputVector =>
  vectorFrom(model, {
    revisionOf: (id) => index.streams.get(id)?.revision,
    versionOf: (id) => {
      const upstream = index.models.get(id);
      return upstream && headOf(upstream);
    },
  });

/** One model's part in the cascade at this moment. */
export interface Duty {
  model: ModelState;
  /** The vector that a build begun now would have. */
  vector: InputVector;
  /** `vector` differs from that of the latest finished build. */
  differs: boolean;
  /** Differs, and is refreshed by itself or was asked for. */
  owed: boolean;
  /** What keeps it from running, whoever asks. */
  stop: StopReason | null;
  /** What it builds is kept from readers: it is pinned, or in shadow mode. */
  shadowed: boolean;
}

/** How often a build may fail, or be interrupted, on one input vector before it is given up. */
export interface Patience {
  attempts: number;
  interruptions?: number;
}

export function dutyOf(model: ModelState, index: CascadeIndex, now: number, patience: Patience): Duty {
  const vector = indexedVector(model, index);
  const differs = !vectorsEqual(model.builtVector, vector);
  const owed = differs && !model.deleted && (model.autoRefresh || isAskedFor(model));
  const duty = { model, vector, differs, owed, shadowed: isShadowed(model, now) };
  return { ...duty, stop: stopOf(duty, index, patience) };
}

const isShadowed = ({ pinnedVersion, mode, shadowUntil }: ModelState, now: number): boolean =>
  pinnedVersion !== null || (mode === 'shadow' && (shadowUntil === null || shadowUntil > now));

/** The first build counts as asked for: creating a model dispatches it at once, with auto-refresh off as well. */
const isAskedFor = (model: ModelState): boolean =>
  model.builtVector === null || model.builtVector['f'] !== model.forced;

function stopOf(
  { model, vector, differs, owed }: Omit<Duty, 'stop'>,
  index: CascadeIndex,
  patience: Patience,
): StopReason | null {
  if (model.deleted) return { code: 'deleted' };
  const input = inputStop(model.inputs, index);
  if (input) return input;
  if (model.paused) return { code: 'paused' };
  if (differs && !owed) return { code: 'auto_refresh_off' };
  if (owed && isGivenUp(model, vector, patience)) {
    const { vectorFailures, failureFinal: final, interruptions } = model;
    const wasInterrupted = !final && vectorFailures < patience.attempts;
    return { code: 'given_up', failures: vectorFailures, final, ...(wasInterrupted && { interruptions }) };
  }
  return null;
}

/** The most lasting is named: a deleted input freezes for good, a held one waits for a person, a missing one only for data. */
function inputStop(inputs: readonly ModelInput[], index: CascadeIndex, mindsHolds = true): StopReason | null {
  let missing: StopReason | null = null;
  let held: StopReason | null = null;
  for (const input of inputs) {
    const known = input.kind === 't' ? index.streams.get(input.id) : index.models.get(input.id);
    if (!known || known.deleted) return { code: 'input_deleted', input: known?.name ?? 'An input' };
    const exists = 'exists' in known ? known.exists : headOf(known) > 0;
    if (!exists) missing ??= { code: 'input_missing', input: known.name };
    if (mindsHolds && 'held' in known && known.held) held ??= { code: 'input_held', input: known.name };
  }
  return held ?? missing;
}

/** What keeps even a one-off build from running, which publishes nothing and so may read what is held. */
export const missingInput = (model: ModelState, index: CascadeIndex): StopReason | null =>
  inputStop(model.inputs, index, false);
