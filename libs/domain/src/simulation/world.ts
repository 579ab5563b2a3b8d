/** The imagined installation: what PostgreSQL, Redis and the processes hold, at a known time, with the whole past on record. */
import type { Verdict } from '@freshet/contracts';
import type { ModelState, SourceState, StreamState } from '../cascade-state';
import type { ModelInput } from '../graph';
import { noFailure } from '../publish-fence';
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

export interface SimulatedModel extends ModelState {
  /** By definition revision. */
  definitions: Definition[];
  /** Results change only now and then, as those of a monthly report do. */
  coarse: boolean;
  /** What each version holds. */
  versions: Map<number, number>;
  /** The version that holds the latest build's result, published or not. */
  latestVersion: number;
  pinnedVersion: number | null;
  lastStartedAttempt: number;
  lastFinishedAttempt: number;
  /** Place of the latest stored build's snapshot in the order of all snapshots. */
  lastSnapshot: number;
  /** What its builds fail with; null when they succeed. */
  failing: Verdict | null;
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
  /** Milliseconds that a build takes. */
  buildTime: number;
  /** What happened, for the message of a violation. */
  trace: { event: string; choice: number }[];
}

export interface Topology {
  /** Source of each stream, as index. */
  streams: number[];
  models: { reads: ModelInput[]; coarse?: boolean; updatesOn?: 'any' | 'all'; organizationId?: string }[];
}

export const limits = {
  slots: 3,
  workers: 4,
  lease: 15_000,
  maxWait: 60_000,
  head: 4,
  attempts: 3,
  backoff: [2_000, 8_000],
};

export function createWorld(topology: Topology, protocol: Protocol): World {
  const sourceIds = [...new Set(topology.streams)].map(String);
  return {
    now: 1_000_000,
    protocol,
    streams: topology.streams.map((source, index) => newStream(String(index), String(source))),
    sources: sourceIds.map((id) => ({ id, name: `source ${id}`, syncingUntil: null })),
    models: topology.models.map((model, index) => newModel(String(index), model)),
    queue: new JobQueue(),
    workers: Array.from({ length: limits.workers }, idleWorker),
    locks: new Map(),
    pendingDispatches: [],
    snapshots: 0,
    history: [],
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

const newModel = (id: string, model: Topology['models'][number]): SimulatedModel => ({
  id,
  organizationId: model.organizationId ?? 'acme',
  name: `model ${id}`,
  deleted: false,
  autoRefresh: true,
  paused: false,
  updatesOn: model.updatesOn ?? 'all',
  inputs: model.reads,
  definitionRevision: 1,
  forced: 0,
  publishedVersion: 0,
  builtVector: null,
  ...noFailure,
  owedSince: null,
  leaseUntil: null,
  requestedAt: null,
  requestClass: null,
  watched: false,
  definitions: [
    { inputs: [], salt: 0 },
    { inputs: model.reads, salt: 0 },
  ],
  coarse: model.coarse ?? false,
  versions: new Map(),
  latestVersion: 0,
  pinnedVersion: null,
  lastStartedAttempt: 0,
  lastFinishedAttempt: 0,
  lastSnapshot: 0,
  failing: null,
});

export const modelOf = (world: World, id: string): SimulatedModel => {
  const model = world.models[Number(id)];
  if (!model) throw new Error(`The simulation has no model ${id}.`);
  return model;
};

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
