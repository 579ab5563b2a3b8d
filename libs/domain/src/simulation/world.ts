/** The imagined installation: what PostgreSQL, Redis and the processes hold, at a known time, with the whole past on record. */
import type { PublishMode, Verdict } from '@freshet/contracts';
import type { ModelState, SourceState, StreamState } from '../cascade-state';
import type { ModelInput } from '../graph';
import { noFailure } from '../failures';
import type { InputVector } from '../input-vector';
import { JobQueue } from './job-queue';
import type { Protocol } from './protocol';
import type { PendingDispatch } from './dispatcher';
import { idleWorker, type Worker } from './worker-state';

export interface SimulatedStream extends StreamState {
  /** What is in the table, by revision; content is one number. */
  contents: number[];
  /** A slice's transaction is open; it holds the table's lock, so there is at most one. */
  sliceOpen: boolean;
}

export interface Definition {
  inputs: ModelInput[];
  salt: number;
}

export interface Version {
  content: number;
  vector: InputVector;
  /** Place of its snapshot in the order of all snapshots. */
  order: number;
}

export interface SimulatedModel extends ModelState {
  /** By definition revision. */
  definitions: Definition[];
  /** Results change only once in so many changes, as those of a monthly report do. */
  coarse: number;
  versions: Map<number, Version>;
  /** The version that holds the latest build's result, published or not. */
  latestVersion: number;
  lastStartedAttempt: number;
  /** The live attempt that runs, or that ended with its process and was not yet buried. */
  running: { attempt: number; vector: InputVector } | null;
  lastFinishedAttempt: number;
  /** Place of the latest stored build's snapshot in the order of all snapshots. */
  lastSnapshot: number;
  /** What its builds fail with, or that they take the worker down with them; null when they succeed. */
  failing: Verdict | 'kill' | null;
}

export interface World {
  now: number;
  protocol: Protocol;
  streams: SimulatedStream[];
  sources: SourceState[];
  models: SimulatedModel[];
  queue: JobQueue;
  workers: Worker[];
  /** Model id → worker that holds the model's lock. A worker holds a slot exactly while it holds a lock. */
  locks: Map<string, number>;
  pendingDispatches: PendingDispatch[];
  snapshots: number;
  /** Finished and attempted builds, in order. */
  history: { modelId: string; at: number; outcome: string }[];
  /** When which set was published. */
  publications: { modelIds: string[]; at: number }[];
  /** Counts what people do that makes a model take part in the cascade or not, or moves a pointer. */
  interventions: number;
  /** Whether people change how projects publish. */
  switchesModes: boolean;
  /** Milliseconds that a build takes. */
  buildTime: number;
  /** What happened, for the message of a violation. */
  trace: { event: string; choice: number }[];
}

/** Models of one project read none of another's, nor do they share a table. */
export interface Topology {
  /** Source of each stream, as index. */
  streams: number[];
  /** Not given: one project that publishes each by itself. */
  projects?: { organizationId: string; publishMode: PublishMode }[];
  models: { reads: ModelInput[]; coarse?: number; updatesOn?: 'any' | 'all'; project?: number }[];
}

export const limits = {
  slots: 3,
  workers: 4,
  lease: 15_000,
  maxWait: 60_000,
  head: 4,
  attempts: 3,
  interruptions: 8,
  backoff: [2_000, 8_000],
};

export function createWorld(topology: Topology, protocol: Protocol): World {
  const sourceIds = [...new Set(topology.streams)].map(String);
  return {
    now: 1_000_000,
    protocol,
    streams: topology.streams.map((source, index) => newStream(String(index), String(source))),
    sources: sourceIds.map((id) => ({ id, name: `source ${id}`, syncingUntil: null })),
    models: topology.models.map((model, index) => newModel(String(index), model, topology.projects)),
    queue: new JobQueue(),
    workers: Array.from({ length: limits.workers }, idleWorker),
    locks: new Map(),
    pendingDispatches: [],
    snapshots: 0,
    history: [],
    publications: [],
    interventions: 0,
    switchesModes: topology.projects !== undefined,
    buildTime: 0,
    trace: [],
  };
}

const newStream = (id: string, sourceId: string): SimulatedStream => ({
  id,
  name: `table ${id}`,
  sourceId,
  revision: 1,
  held: false,
  deleted: false,
  exists: true,
  contents: [0, 1],
  sliceOpen: false,
});

export const newModel = (
  id: string,
  model: Topology['models'][number],
  projects: Topology['projects'],
): SimulatedModel => ({
  id,
  organizationId: projects?.[model.project ?? 0]?.organizationId ?? 'acme',
  projectId: String(model.project ?? 0),
  publishMode: projects?.[model.project ?? 0]?.publishMode ?? 'each',
  name: `model ${id}`,
  deleted: false,
  autoRefresh: true,
  paused: false,
  updatesOn: model.updatesOn ?? 'all',
  inputs: model.reads,
  definitionRevision: 1,
  forced: 0,
  mode: 'live',
  shadowUntil: null,
  pinnedVersion: null,
  publishedVersion: 0,
  candidateVersion: null,
  publishedVector: null,
  builtVector: null,
  ...noFailure,
  owedSince: null,
  leaseUntil: null,
  requestedAt: null,
  requestClass: null,
  watched: false,
  asks: [],
  definitions: [
    { inputs: [], salt: 0 },
    { inputs: model.reads, salt: 0 },
  ],
  coarse: model.coarse ?? 1,
  versions: new Map(),
  latestVersion: 0,
  lastStartedAttempt: 0,
  running: null,
  lastFinishedAttempt: 0,
  lastSnapshot: 0,
  failing: null,
});

export const modelOf = (world: World, id: string): SimulatedModel => {
  const model = world.models[Number(id)];
  if (!model) throw new Error(`The simulation has no model ${id}.`);
  return model;
};

export const isHeld = (world: World, modelId: string): boolean =>
  modelOf(world, modelId).inputs.some(({ kind, id }) => kind === 't' && world.streams[Number(id)]?.held);

export const streamOf = (world: World, id: string): SimulatedStream => {
  const stream = world.streams[Number(id)];
  if (!stream) throw new Error(`The simulation has no stream ${id}.`);
  return stream;
};

/** A promise that Freshet makes was broken. */
export class Violation extends Error {
  constructor(promise: string, detail: string, world: World) {
    const trace = world.trace.map(({ event, choice }) => `${event} (${choice})`);
    super([`${promise}: ${detail}`, ...trace].join('\n'));
    this.name = 'Violation';
  }
}
