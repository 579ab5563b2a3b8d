/** The plain snapshot from which every decision of the cascade follows; persistence loads it, the simulation imitates it. */
import type { PriorityClass, PublishMode, RefreshKind } from '@freshet/contracts';
import type { ModelInput } from './graph';
import type { InputVector } from './input-vector';

/** Times are epoch milliseconds, ids strings; everything can be serialised. Load it in one database snapshot. */
export interface CascadeState {
  streams: StreamState[];
  sources: SourceState[];
  /** All models of the organizations and projects looked at: a reader of a model that is not here counts as frozen. */
  models: ModelState[];
}

export interface StreamState {
  id: string;
  /** As people write it, for sentences: `ga_main.traffic`. */
  name: string;
  sourceId: string;
  /** Goes up by one in each transaction that really changes a row or a column. */
  revision: number;
  /** A suspicious sync waits for a person's decision; nobody may refresh from it meanwhile (spec SY14). */
  held: boolean;
  deleted: boolean;
  /** It has a table, that is, it was loaded at least once. */
  exists: boolean;
}

export interface SourceState {
  id: string;
  /** For sentences. */
  name: string;
  /** When the running sync's lease expires; null when none runs. A time in the past counts as none. */
  syncingUntil: number | null;
}

/** 1 a user or an API key asked, 2 a schedule, a smart refresh or a webhook, 3 the cascade itself. */
export type RefreshClass = PriorityClass;

export interface ModelState {
  id: string;
  organizationId: string;
  projectId: string;
  /** Of its project. */
  publishMode: PublishMode;
  /** For sentences. */
  name: string;
  deleted: boolean;
  /** Off: refreshed only when asked for (the first build always is). */
  autoRefresh: boolean;
  /** Paused: not refreshed at all. */
  paused: boolean;
  /** `all` waits for syncing sources, `any` does not (spec CA5). */
  updatesOn: 'any' | 'all';
  inputs: ModelInput[];
  /** Goes up with each change of SQL, guards, indexes or policies. */
  definitionRevision: number;
  /** Goes up with each refresh that is asked for. */
  forced: number;
  /** `shadow`: builds and compares, but publishes nothing, until `shadowUntil` (epoch ms; null: until a person ends it). */
  mode: 'live' | 'shadow';
  shadowUntil: number | null;
  /** The version it is pinned at after a rollback; its builds are stored as shadow meanwhile. */
  pinnedVersion: number | null;
  /** The version readers see; 0 before the first. */
  publishedVersion: number;
  /** Built, and waits for the other members of its set; those below are built from it. Null: none. */
  candidateVersion: number | null;
  /** Input vector of the published version (an unchanged build moves it); null before the first. */
  publishedVector: InputVector | null;
  /** Input vector of the latest finished build (published, unchanged, shadow or candidate); null before the first. */
  builtVector: InputVector | null;
  /** Failures since the last finished build, whatever the vector; they set the backoff. */
  failures: number;
  /** Failures on `failedVector`; they set when it is given up. */
  vectorFailures: number;
  /** Input vector of the last failure since the last finished build. */
  failedVector: InputVector | null;
  /** The last failure was one that trying again can't mend: a guard, the preflight, the SQL. */
  failureFinal: boolean;
  /** Attempts in a row on `failedVector` that ended with their process or their lease. */
  interruptions: number;
  /** Not before this time, after a failure. */
  retryAt: number | null;
  /** When the dispatcher first saw it owed or behind an owed model. A timing hint: it never decides correctness. */
  owedSince: number | null;
  /** When the running refresh's lease expires; null when none runs. A time in the past counts as none. */
  leaseUntil: number | null;
  /** The oldest open refresh request of the best class, and that class; null when only the cascade wants it. */
  requestedAt: number | null;
  requestClass: RefreshClass | null;
  /** A dashboard that reads it itself is open right now (spec CA14); what is above a watched one counts as watched too. */
  watched: boolean;
  /** Waiting asks for a one-off build that publishes nothing, oldest first; they run whether or not the model is owed. */
  asks: RefreshAsk[];
}

export interface RefreshAsk {
  kind: Exclude<RefreshKind, 'live'>;
  requestedAt: number;
}
