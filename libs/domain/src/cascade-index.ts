/** A cascade state made ready for questions: look-ups by id, the graph, and each model's current vector and duty. */
import type { CascadeState, ModelState, SourceState, StreamState } from './cascade-state';
import { buildGraph, type Graph, type ModelInput } from './graph';
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
    versionOf: (id) => index.models.get(id)?.publishedVersion,
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
}

export function dutyOf(model: ModelState, index: CascadeIndex, attempts: number): Duty {
  const vector = indexedVector(model, index);
  const differs = !vectorsEqual(model.builtVector, vector);
  const owed = differs && !model.deleted && (model.autoRefresh || isAskedFor(model));
  return { model, vector, differs, owed, stop: stopOf(model, vector, differs, owed, index, attempts) };
}

/** The first build counts as asked for: creating a model dispatches it at once, with auto-refresh off as well. */
const isAskedFor = (model: ModelState): boolean =>
  model.builtVector === null || model.builtVector['f'] !== model.forced;

function stopOf(
  model: ModelState,
  vector: InputVector,
  differs: boolean,
  owed: boolean,
  index: CascadeIndex,
  attempts: number,
): StopReason | null {
  if (model.deleted) return { code: 'deleted' };
  const input = firstInputStop(model.inputs, index);
  if (input) return input;
  if (model.paused) return { code: 'paused' };
  if (differs && !owed) return { code: 'auto_refresh_off' };
  if (owed && isGivenUp(model, vector, attempts)) {
    return { code: 'given_up', failures: model.vectorFailures, final: model.failureFinal };
  }
  return null;
}

/** The most lasting is named: a deleted input freezes for good, a held one waits for a person, a missing one only for data. */
function firstInputStop(inputs: readonly ModelInput[], index: CascadeIndex): StopReason | null {
  let missing: StopReason | null = null;
  let held: StopReason | null = null;
  for (const input of inputs) {
    const known = input.kind === 't' ? index.streams.get(input.id) : index.models.get(input.id);
    if (!known || known.deleted) return { code: 'input_deleted', input: known?.name ?? 'An input' };
    const exists = 'exists' in known ? known.exists : known.publishedVersion > 0;
    if (!exists) missing ??= { code: 'input_missing', input: known.name };
    if ('held' in known && known.held) held ??= { code: 'input_held', input: known.name };
  }
  return held ?? missing;
}

/** Given up for this vector: it failed on it too often, or once in a way that trying again can't mend. */
export const isGivenUp = (
  model: Pick<ModelState, 'failedVector' | 'failureFinal' | 'vectorFailures'>,
  vector: InputVector,
  attempts: number,
): boolean =>
  model.failedVector !== null &&
  vectorsEqual(model.failedVector, vector) &&
  (model.failureFinal || model.vectorFailures >= attempts);
