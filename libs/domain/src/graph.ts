/** Who reads whom: stream tables and models as a directed graph, with the questions the cascade asks of it. */

/** One thing a model reads: a stream table (`t`) or another model (`m`). */
export interface ModelInput {
  kind: 't' | 'm';
  id: string;
}

/** As much of a model as the graph needs. */
export interface GraphModel {
  id: string;
  inputs: readonly ModelInput[];
}

/** `t:<streamId>` or `m:<modelId>`: how an input is named in graphs and input vectors. */
export type InputKey = `${ModelInput['kind']}:${string}`;

export const inputKey = (input: ModelInput): InputKey => `${input.kind}:${input.id}`;

export interface Graph {
  /** Model id → what it reads. Inputs that are not (or no longer) known may be among them. */
  readonly inputs: ReadonlyMap<string, readonly ModelInput[]>;
  /** Input → ids of the models that read it directly. */
  readonly readers: ReadonlyMap<InputKey, readonly string[]>;
}

export function buildGraph(models: Iterable<GraphModel>): Graph {
  const inputs = new Map<string, readonly ModelInput[]>();
  const readers = new Map<InputKey, string[]>();
  for (const model of models) {
    inputs.set(model.id, model.inputs);
    for (const input of model.inputs) {
      const key = inputKey(input);
      const known = readers.get(key);
      if (!known) readers.set(key, [model.id]);
      else if (known.at(-1) !== model.id) known.push(model.id);
    }
  }
  return { inputs, readers };
}

export const readersOf = (graph: Graph, input: ModelInput): readonly string[] =>
  graph.readers.get(inputKey(input)) ?? [];

const modelInputs = (graph: Graph, id: string): string[] =>
  (graph.inputs.get(id) ?? []).flatMap((input) => (input.kind === 'm' ? [input.id] : []));

/** A set that grows while it is walked: breadth first, each id once. */
const closure = (starts: Iterable<string>, next: (id: string) => readonly string[]): Set<string> => {
  const seen = new Set<string>(starts);
  for (const id of seen) for (const each of next(id)) seen.add(each);
  return seen;
};

/** Ids of all models that read one of `inputs`, directly or through other models. */
export const downstreamOf = (graph: Graph, inputs: Iterable<ModelInput>): Set<string> =>
  closure(
    [...inputs].flatMap((input) => readersOf(graph, input)),
    (id) => readersOf(graph, { kind: 'm', id }),
  );

/** All models and stream tables that a model reads, directly or through other models; without itself. */
export function upstreamOf(graph: Graph, modelId: string): { models: Set<string>; streams: Set<string> } {
  const models = closure(modelInputs(graph, modelId), (id) => modelInputs(graph, id));
  const streams = new Set(
    [modelId, ...models].flatMap((id) =>
      (graph.inputs.get(id) ?? []).flatMap((input) => (input.kind === 't' ? [input.id] : [])),
    ),
  );
  return { models, streams };
}

/**
 * The given models (default: all), each after every one of them that it reads at any depth. Equals keep the order in
 * which they were given. Models that read each other in a circle, which saving refuses, are left out.
 */
export function topologicalOrder(graph: Graph, models: Iterable<string> = graph.inputs.keys()): string[] {
  const wanted = new Set(models);
  const relevant = closure(wanted, (id) => modelInputs(graph, id));
  const missing = new Map<string, number>();
  const open: string[] = [];
  for (const id of [...wanted, ...[...relevant].filter((each) => !wanted.has(each))]) {
    const count = new Set(modelInputs(graph, id)).size;
    missing.set(id, count);
    if (count === 0) open.push(id);
  }
  const order: string[] = [];
  for (let at = 0; at < open.length; at++) {
    const id = open[at] ?? '';
    if (wanted.has(id) && graph.inputs.has(id)) order.push(id);
    for (const reader of readersOf(graph, { kind: 'm', id })) {
      if (!relevant.has(reader)) continue;
      const left = (missing.get(reader) ?? 0) - 1;
      missing.set(reader, left);
      if (left === 0) open.push(reader);
    }
  }
  return order;
}

/**
 * The circle that saving `candidate` (new, or with new inputs) would close: model ids in reading order, beginning and
 * ending with the candidate (`['a', 'b', 'a']`: a reads b, b reads a). Null when there is none. The shortest is named.
 */
export function findCycle(graph: Graph, candidate: GraphModel): string[] | null {
  const cameFrom = new Map<string, string>();
  const open: string[] = [];
  const visit = (from: string, inputs: readonly ModelInput[]): string[] | null => {
    for (const input of inputs) {
      if (input.kind !== 'm') continue;
      if (input.id === candidate.id) return pathTo(from);
      if (cameFrom.has(input.id)) continue;
      cameFrom.set(input.id, from);
      open.push(input.id);
    }
    return null;
  };
  const pathTo = (last: string): string[] => {
    const path = [candidate.id];
    for (let id = last; id !== candidate.id; id = cameFrom.get(id) ?? candidate.id) path.unshift(id);
    return [candidate.id, ...path];
  };
  let found = visit(candidate.id, candidate.inputs);
  for (let at = 0; !found && at < open.length; at++) {
    const id = open[at] ?? '';
    found = visit(id, graph.inputs.get(id) ?? []);
  }
  return found;
}

export interface PlannedRefresh {
  modelId: string;
  /** Refreshes that come before it on its longest way from a changed table; 0 when it reads only tables. */
  depth: number;
  /** Those of its inputs that changed or are themselves in the plan. */
  because: InputKey[];
}

/**
 * What a change of these stream tables, and of the definitions of these models, brings about: every affected model once,
 * in an order in which they can run.
 */
export function planCascade(
  graph: Graph,
  changedStreamIds: Iterable<string>,
  changedModelIds: readonly string[] = [],
): PlannedRefresh[] {
  const changed = [...changedStreamIds].map((id): ModelInput => ({ kind: 't', id }));
  const models = changedModelIds.map((id): ModelInput => ({ kind: 'm', id }));
  const affected = new Set([...changedModelIds, ...downstreamOf(graph, [...changed, ...models])]);
  const moving = new Set(changed.map(inputKey));
  const depths = new Map<string, number>();
  return topologicalOrder(graph, affected).map((modelId) => {
    const because = (graph.inputs.get(modelId) ?? []).filter((input) => moving.has(inputKey(input)));
    const depth = Math.max(
      0,
      ...because.map((each) => (each.kind === 'm' ? (depths.get(each.id) ?? 0) + 1 : 0)),
    );
    moving.add(inputKey({ kind: 'm', id: modelId }));
    depths.set(modelId, depth);
    return { modelId, depth, because: [...new Set(because.map(inputKey))] };
  });
}
