/** Small cascades for specs, written by name: what isn't said is ordinary (built, up to date, on auto-refresh). */
import type { CascadeState, ModelState, SourceState, StreamState } from '../cascade-state';
import type { ModelInput } from '../graph';
import { currentVector } from '../input-vector';
import { noFailure } from '../failures';

export interface ExampleModel extends Partial<Omit<ModelState, 'inputs'>> {
  /** Names of streams or models of the example, or of things that are not there. */
  reads: string[];
  /** Its first input changed since its latest build. */
  behind?: boolean;
  /** No build has finished yet, nothing is published. */
  neverBuilt?: boolean;
  /** Its candidate was built from what its inputs are now; the published version from one less. */
  hasCandidate?: boolean;
  /** Its last failure was on what its inputs are now. */
  failedOnThis?: boolean;
}

export interface CascadeExample {
  /** Stream name → what is special about it. Its source is called like it unless said otherwise. */
  streams: Record<string, Partial<StreamState>>;
  sources?: Record<string, Partial<SourceState>>;
  models: Record<string, ExampleModel>;
}

/** Ids are the names. */
export function cascadeOf(example: CascadeExample): CascadeState {
  const streams = Object.entries(example.streams).map(([id, special]): StreamState => ({
    id,
    name: id,
    sourceId: id,
    revision: 7,
    held: false,
    deleted: false,
    exists: true,
    ...special,
  }));
  const sourceIds = new Set([
    ...streams.map((stream) => stream.sourceId),
    ...Object.keys(example.sources ?? {}),
  ]);
  const sources = [...sourceIds].map((id): SourceState => ({
    id,
    name: id,
    syncingUntil: null,
    ...example.sources?.[id],
  }));
  const isModel = (name: string): boolean => name in example.models;
  const models = Object.entries(example.models).map(([id, special]) => ordinaryModel(id, special, isModel));
  const state = { streams, sources, models };
  for (const model of models) build(model, example.models[model.id], state);
  return state;
}

function ordinaryModel(id: string, special: ExampleModel, isModel: (name: string) => boolean): ModelState {
  const { reads, neverBuilt, behind: _behind, failedOnThis: _failed, hasCandidate, ...fields } = special;
  return {
    id,
    organizationId: 'acme',
    projectId: 'p',
    publishMode: 'each',
    name: id,
    deleted: false,
    autoRefresh: true,
    paused: false,
    updatesOn: 'all',
    inputs: reads.map((name): ModelInput => ({ kind: isModel(name) ? 'm' : 't', id: name })),
    definitionRevision: 1,
    forced: 0,
    mode: 'live',
    shadowUntil: null,
    pinnedVersion: null,
    publishedVersion: neverBuilt ? 0 : 3,
    candidateVersion: hasCandidate ? 4 : null,
    publishedVector: null,
    builtVector: null,
    ...noFailure,
    owedSince: null,
    leaseUntil: null,
    requestedAt: null,
    requestClass: null,
    watched: false,
    asks: [],
    ...fields,
  };
}

function build(model: ModelState, special: ExampleModel | undefined, state: CascadeState): void {
  const vector = currentVector(model, state);
  if (special?.failedOnThis) model.failedVector = vector;
  if (special?.neverBuilt || special?.builtVector !== undefined) return;
  const first = Object.keys(vector).find((key) => key !== 'd' && key !== 'f') ?? 'd';
  model.builtVector = special?.behind ? { ...vector, [first]: (vector[first] ?? 0) - 1 } : vector;
}
