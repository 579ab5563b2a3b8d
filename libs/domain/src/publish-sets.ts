/**
 * Which candidates are published together, what each set still waits for, and which sets are ready (docs/adr/0007).
 * Everything follows from the vectors: no set is stored anywhere.
 *
 * A set is a connected group of models of a *together* project with something to publish or to build: they read the same
 * moving table, or one reads the other. It is complete when each of its models has seen what the candidates saw.
 */
import type { CascadeIndex, Duty } from './cascade-index';
import { inputKey, readersOf, type InputKey, type ModelInput } from './graph';
import { headOf } from './heads';
import type { PublishSet, SetMember } from './set-fence';

export interface SetStanding {
  state: 'in_progress' | 'blocked' | 'ready';
  /** It has to be built before its set can be published; the others wait. */
  due: boolean;
  /** When the first of its candidates was first owed: the clock of max wait for the whole set. */
  since: number;
  /** Names of those the set waits for, of those that failed, or of those it is published with. */
  names: string[];
}

export interface SetSurvey {
  /** By model id: the members of sets that have a candidate. */
  standings: ReadonlyMap<string, SetStanding>;
  /** Complete, to be published now. */
  ready: PublishSet[];
  /** Candidates that can't be published any more. */
  dropped: SetMember[];
}

type Duties = ReadonlyMap<string, Duty>;

export function surveySets(index: CascadeIndex, duties: Duties, now: number, maxWait: number): SetSurvey {
  const standings = new Map<string, SetStanding>();
  const withCandidate = [...duties.values()].filter(hasCandidate);
  if (withCandidate.length === 0) return { standings, ready: [], dropped: [] };
  const dropped = asSet(withCandidate.filter(isLost)).members;
  const ready: PublishSet[] = [];
  const projects = new Set(withCandidate.map(({ model }) => model.projectId));
  const members = [...duties.values()].filter((duty) => projects.has(duty.model.projectId) && isMember(duty));
  for (const set of connected(members)) {
    const candidates = set.filter(hasCandidate);
    if (candidates.length === 0) continue;
    if (candidates[0]?.model.publishMode === 'each') {
      const publishable = withoutUnpublishedInputs(index, candidates);
      if (publishable.length) ready.push(asSet(publishable));
      for (const { model } of publishable)
        standings.set(model.id, { state: 'ready', due: false, since: now, names: [] });
      continue;
    }
    const since = Math.min(...candidates.map(({ model }) => model.owedSince ?? now));
    const isDue = dueIn(index, duties, candidates, now - since >= maxWait);
    const due = set.filter(isDue);
    const failed = due.filter(({ stop }) => stop?.code === 'given_up');
    const state = failed.length ? 'blocked' : due.length ? 'in_progress' : 'ready';
    const named = { blocked: failed, in_progress: due, ready: candidates }[state];
    for (const duty of set) {
      const names = named.filter((each) => each !== duty).map(({ model }) => model.name);
      standings.set(duty.model.id, { state, due: due.includes(duty), since, names });
    }
    if (state === 'ready') ready.push(asSet(candidates));
  }
  // What was built from a dropped one has to be looked at again first.
  return { standings, ready: dropped.length ? [] : ready, dropped };
}

const hasCandidate = ({ model }: Duty): boolean => model.candidateVersion !== null && !model.deleted;

/** Its model was stopped, or is off and the candidate is no longer what its inputs or its SQL make of it. */
const isLost = ({ model, shadowed, stop, owed, vector }: Duty): boolean =>
  shadowed ||
  model.paused ||
  stop?.code === 'input_held' ||
  stop?.code === 'input_deleted' ||
  (!owed && Object.keys(vector).some((key) => isStructural(key) && model.builtVector?.[key] !== vector[key]));

/** Entries in which a candidate must be exactly what its inputs and its SQL are now; a table may have moved on. */
const isStructural = (key: string): boolean => key === 'd' || key.startsWith('m:');

const isMember = (duty: Duty): boolean => {
  const { model, owed, stop, shadowed } = duty;
  if (model.deleted || shadowed) return false;
  if (hasCandidate(duty)) return !isLost(duty);
  return model.publishMode === 'together' && owed && (stop === null || stop.code === 'given_up');
};

const tablesOf = ({ model }: Duty): InputKey[] =>
  model.inputs.filter(({ kind }) => kind === 't').map(inputKey);

/** Groups of members that share a table which moved for one of them, or of which one reads the other. */
function connected(members: readonly Duty[]): Duty[][] {
  const parent = new Map(members.map(({ model }) => [model.id, model.id]));
  const rootOf = (id: string): string => {
    let root = id;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    parent.set(id, root);
    return root;
  };
  const link = (a: string, b: string): void => void parent.set(rootOf(a), rootOf(b));

  const moving = new Set(members.flatMap((duty) => tablesOf(duty).filter((key) => isMovingFor(duty, key))));
  const firstReader = new Map<InputKey, string>();
  for (const duty of members) {
    const { id, inputs, publishMode } = duty.model;
    for (const input of inputs) {
      const key = inputKey(input);
      if (input.kind === 'm' && parent.has(input.id)) link(id, input.id);
      if (publishMode === 'each' || !moving.has(key)) continue;
      link(id, firstReader.get(key) ?? id);
      firstReader.set(key, id);
    }
  }
  const groups = Map.groupBy(members, ({ model }) => rootOf(model.id));
  return [...groups.values()];
}

const isMovingFor = ({ model, vector }: Duty, key: InputKey): boolean =>
  model.publishedVector?.[key] !== vector[key] || model.publishedVector?.[key] !== model.builtVector?.[key];

/**
 * What a member has to be built for: it was never built, its SQL changed, a model it reads has another head, or it has
 * not seen as much of a moved table as the others. For a while all are to see the same of it; once the set is past max
 * wait, as much as that candidate which saw least will do, so that a source which never rests starves nobody.
 */
function dueIn(
  index: CascadeIndex,
  duties: Duties,
  candidates: readonly Duty[],
  isPastMaxWait: boolean,
): (duty: Duty) => boolean {
  const moved = leastSeen(candidates);
  if (!isPastMaxWait) for (const key of moved.keys()) moved.set(key, mostSeen(index, duties, key));

  return ({ model, vector, owed }) => {
    const { builtVector, candidateVersion } = model;
    if (!owed) return false;
    if (!builtVector) return true;
    return Object.entries(vector).some(([key, value]) => {
      if (builtVector[key] === value) return false;
      if (isStructural(key)) return true;
      const enough = moved.get(key);
      if (enough === undefined) return candidateVersion === null;
      return (builtVector[key] ?? -1) < enough;
    });
  };
}

/** Of each table that moved for a candidate, how much the candidates saw at least; those new to it only count among themselves. */
function leastSeen(candidates: readonly Duty[]): Map<string, number> {
  const least = new Map<string, number>();
  const ofNew = new Map<string, number>();
  for (const duty of candidates) {
    const { builtVector, publishedVector } = duty.model;
    for (const key of tablesOf(duty)) {
      const seen = builtVector?.[key] ?? 0;
      const shown = publishedVector?.[key];
      const of = shown === undefined ? ofNew : least;
      if (shown !== seen) of.set(key, Math.min(seen, of.get(key) ?? Infinity));
    }
  }
  return new Map([...ofNew, ...least]);
}

const mostSeen = (index: CascadeIndex, duties: Duties, key: string): number => {
  const table: ModelInput = { kind: 't', id: key.slice(2) };
  return Math.max(
    ...readersOf(index.graph, table)
      .map((id) => duties.get(id))
      .map((duty) => (duty && !duty.shadowed ? (duty.model.builtVector?.[key] ?? 0) : 0)),
  );
};

/** Left behind by a change of the project's mode, or by the end of shadow mode: each goes as soon as what it reads is there. */
function withoutUnpublishedInputs(index: CascadeIndex, candidates: readonly Duty[]): Duty[] {
  let left = candidates.filter(({ model, vector }) => model.builtVector?.['d'] === vector['d']);
  for (;;) {
    const moving = new Set(left.map(({ model }) => model.id));
    const isThere = ({ kind, id }: ModelInput, seen: number): boolean => {
      const upstream = kind === 'm' ? index.models.get(id) : undefined;
      if (!upstream || seen <= upstream.publishedVersion) return true;
      return moving.has(id) && seen === headOf(upstream);
    };
    const next = left.filter(({ model }) =>
      model.inputs.every((input) => isThere(input, model.builtVector?.[inputKey(input)] ?? 0)),
    );
    if (next.length === left.length) return left;
    left = next;
  }
}

const asSet = (candidates: readonly Duty[]): PublishSet => ({
  members: candidates
    .map(({ model: { id: modelId, candidateVersion, builtVector } }) => ({
      modelId,
      version: candidateVersion ?? 0,
      vector: builtVector ?? {},
    }))
    .sort((a, b) => a.modelId.length - b.modelId.length || (a.modelId < b.modelId ? -1 : 1)),
});
