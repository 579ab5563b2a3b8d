/** What a build was made from, as numbers that can be compared; the root of owed, "why", skip reasons and as-of. */
import type { CascadeState, ModelState } from './cascade-state';
import { inputKey } from './graph';
import { headOf } from './heads';

/**
 * `t:<streamId>` → revision of the stream table; `m:<modelId>` → head version of the upstream model (`headOf`; 0: none);
 * `d` → the model's own definition revision; `f` → its forced-refresh counter.
 */
export type InputVector = Record<string, number>;

/** Where the numbers of the inputs come from. An unknown input is undefined and counts as 0. */
export interface InputNumbers {
  revisionOf(streamId: string): number | undefined;
  versionOf(modelId: string): number | undefined;
}

type VectorModel = Pick<ModelState, 'inputs' | 'definitionRevision' | 'forced'>;

/** The vector a build begun now would have. */
export function vectorFrom(model: VectorModel, numbers: InputNumbers): InputVector {
  const vector: InputVector = { d: model.definitionRevision, f: model.forced };
  for (const input of model.inputs) {
    vector[inputKey(input)] =
      (input.kind === 't' ? numbers.revisionOf(input.id) : numbers.versionOf(input.id)) ?? 0;
  }
  return vector;
}

/** The same, of one model in a snapshot. For many models of one snapshot, index it and use `vectorFrom`. */
export const currentVector = (
  model: VectorModel,
  state: Pick<CascadeState, 'streams' | 'models'>,
): InputVector =>
  vectorFrom(model, {
    revisionOf: (id) => state.streams.find((stream) => stream.id === id)?.revision,
    versionOf: (id) => {
      const upstream = state.models.find((each) => each.id === id);
      return upstream && headOf(upstream);
    },
  });

/** Counts instead of listing keys: the dispatcher compares every model's vectors each second. */
export function vectorsEqual(a: InputVector | null, b: InputVector | null): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  let unmatched = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    unmatched++;
  }
  for (const _ in b) unmatched--;
  return unmatched === 0;
}

export interface VectorDifference {
  /** There was no build before. */
  first: boolean;
  /** Entries whose number differs; `from` is null for an input the last build did not read, `to` for one no longer read. */
  changed: { key: string; from: number | null; to: number | null }[];
  /** Keys of inputs (`t:`, `m:`) that are the same as in the last build. */
  unchanged: string[];
}

const isInput = (key: string): boolean => key !== 'd' && key !== 'f';

export function vectorDifference(built: InputVector | null, current: InputVector): VectorDifference {
  if (!built) return { first: true, changed: [], unchanged: [] };
  const keys = [...new Set([...Object.keys(current), ...Object.keys(built)])];
  return {
    first: false,
    changed: keys
      .filter((key) => built[key] !== current[key])
      .map((key) => ({ key, from: built[key] ?? null, to: current[key] ?? null })),
    unchanged: keys.filter((key) => isInput(key) && built[key] === current[key]),
  };
}

/** Input key → the name people know it by. */
export type InputNames = Readonly<Record<string, string>>;

export const inputNames = (state: Pick<CascadeState, 'streams' | 'models'>): InputNames =>
  Object.fromEntries([
    ...state.streams.map((stream) => [`t:${stream.id}`, stream.name]),
    ...state.models.map((model) => [`m:${model.id}`, model.name]),
  ]);

/**
 * Why a model is owed, as a clause that ends "refreshing because …" (spec CA15): `ga_main.traffic went 812 → 813;
 * orders unchanged`, `its SQL was changed`, `a refresh was asked for`, `This is its first build.`.
 */
export function explainDifference(difference: VectorDifference, names: InputNames): string {
  if (difference.first) return 'This is its first build.';
  if (difference.changed.length === 0) return 'nothing changed since its last build';
  const name = (key: string): string => names[key] ?? 'a deleted input';
  const changedInputs = difference.changed.filter(({ key }) => isInput(key));
  const moved = changedInputs.map(({ key, from, to }) => {
    if (from === null) return `${name(key)} is read now`;
    if (to === null) return `${name(key)} is no longer read`;
    return `${name(key)} went ${from} → ${to}`;
  });
  const isChanged = (key: string): boolean => difference.changed.some((each) => each.key === key);
  return [
    ...(isChanged('f') ? ['a refresh was asked for'] : []),
    ...(isChanged('d') ? ['its SQL was changed'] : []),
    ...shortened(moved, (more) => `${more} more inputs changed`),
    ...(moved.length > 0 ? unchangedClause(difference.unchanged.map(name)) : []),
  ].join('; ');
}

const mostNamed = 3;

const shortened = (items: string[], rest: (more: number) => string): string[] =>
  items.length <= mostNamed + 1 ? items : [...items.slice(0, mostNamed), rest(items.length - mostNamed)];

function unchangedClause(names: string[]): string[] {
  if (names.length === 0) return [];
  if (names.length > mostNamed) return [`${names.length} other inputs unchanged`];
  return [`${names.join(', ')} unchanged`];
}
