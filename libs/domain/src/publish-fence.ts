/** What becomes of a finished build: the decision under the model's row lock, where late and double builds end. */
import type { PublishMode, RefreshKind } from '@freshet/contracts';
import type { InputVector } from './input-vector';
import { explainSkip, type FenceReason } from './skip-reasons';

/** The model's row and its inputs, read in the publishing transaction after `SELECT … FOR UPDATE`; null: no such row. */
export interface FenceRow {
  deleted: boolean;
  definitionRevision: number;
  /** The version it is pinned at after a rollback; null when it is free. */
  pinnedVersion: number | null;
  /** `shadow` models build and compare, but publish nothing. A shadow mode whose time is over counts as `live`. */
  mode: 'live' | 'shadow';
  /** Of its project. */
  publishMode: PublishMode;
  publishedVersion: number;
  /** Built earlier, and waits for its set; null: none. */
  candidateVersion: number | null;
  /** Number of the latest live attempt that ended as published, unchanged, shadow or candidate; 0 before the first. */
  lastFinishedAttempt: number;
  /** One of the stream tables it reads is held. */
  inputHeld: boolean;
}

export interface FinishedBuild {
  /** What it was built for; `live` unless said otherwise. A `dry` run never comes here. */
  kind?: RefreshKind;
  /** Drawn from the model's row together with the lease (`last_started_attempt + 1`). Also the new version's number. */
  attempt: number;
  /** `last_started_attempt` as the build's own snapshot saw it. A greater one means that somebody took over before. */
  lastStartedAttemptInSnapshot: number;
  /** Read in the build's own snapshot. */
  vector: InputVector;
  /**
   * The version that the result equals (columns, indexes, row count, order-free hash): the candidate's if it equals
   * that, else the published one's if it equals that; null: neither's.
   */
  equalsVersion: number | null;
}

export type PublishDecision =
  | { outcome: 'publish' | 'shadow' | 'candidate' | 'aside' }
  | { outcome: 'unchanged'; keeps: number }
  | { outcome: 'skipped'; reason: FenceReason['code']; sentence: string };

/**
 * `publish` moves the pointer to the new version; `candidate` stores it to be published with its set; `shadow` stores it,
 * kept from readers; `unchanged` stores no version: `keeps` is the one that holds the result, to which the vector moves.
 * All four store the build's vector, `lastFinishedAttempt = attempt` and `noFailure`, and leave no other candidate than
 * the new one or the one that `unchanged` keeps: an earlier one is retired. `owedSince` becomes null, except where a
 * candidate remains: its clock runs until its set is published.
 *
 * `aside` is a one-off shadow build: its version is stored as shadow, and nothing else of the model changes.
 * `skipped` stores nothing: a live model stays owed.
 *
 * Attempts are compared, not times: a build whose worker lost its connection may come back late. As each build also
 * checks in its snapshot that no later attempt has begun, the order of attempts is the order of snapshots, so
 * publishing never goes back in time.
 */
export function decidePublish(row: FenceRow | null, build: FinishedBuild): PublishDecision {
  if (!row || row.deleted) return skipped({ code: 'model_deleted' });
  if (build.lastStartedAttemptInSnapshot !== build.attempt) return skipped({ code: 'overtaken' });
  if (build.kind === 'shadow') return { outcome: 'aside' };
  if (build.attempt <= row.lastFinishedAttempt) return skipped({ code: 'overtaken' });
  if (build.vector['d'] !== row.definitionRevision) return skipped({ code: 'definition_changed' });
  if (row.inputHeld) return skipped({ code: 'held_meanwhile' });
  if (row.pinnedVersion !== null || row.mode === 'shadow') return { outcome: 'shadow' };
  const { equalsVersion } = build;
  const isHead = equalsVersion === row.candidateVersion || equalsVersion === row.publishedVersion;
  if (equalsVersion && isHead) return { outcome: 'unchanged', keeps: equalsVersion };
  return { outcome: row.publishMode === 'together' ? 'candidate' : 'publish' };
}

/** The sentence needs no clock: none of the fence's reasons tells a time. */
const skipped = (reason: FenceReason): PublishDecision => ({
  outcome: 'skipped',
  reason: reason.code,
  sentence: explainSkip(reason, 0),
});
