/** What becomes of a finished or failed build: the decision under the model's row lock, where late and double builds end. */
import type { Verdict } from '@freshet/contracts';
import { backoffAfter } from './backoff';
import type { ModelState } from './cascade-state';
import { vectorsEqual, type InputVector } from './input-vector';
import { explainSkip, type FenceReason } from './skip-reasons';

/** The model's row and its inputs, read in the publishing transaction after `SELECT … FOR UPDATE`; null: no such row. */
export interface FenceRow {
  deleted: boolean;
  definitionRevision: number;
  /** The version it is pinned at after a rollback; null when it is free. */
  pinnedVersion: number | null;
  /** `shadow` models build and compare, but publish nothing. */
  mode: 'live' | 'shadow';
  publishedVersion: number;
  /** Number of the latest attempt that ended as published, unchanged or shadow; 0 before the first. */
  lastFinishedAttempt: number;
  /** One of the stream tables it reads is held. */
  inputHeld: boolean;
}

export interface FinishedBuild {
  /** Drawn from the model's row together with the lease (`last_started_attempt + 1`). Also the new version's number. */
  attempt: number;
  /** `last_started_attempt` as the build's own snapshot saw it. A greater one means that somebody took over before. */
  lastStartedAttemptInSnapshot: number;
  /** Read in the build's own snapshot. */
  vector: InputVector;
  /** The published version that the result equals (columns, indexes, row count, order-free hash); null: none. */
  equalsVersion: number | null;
}

export type PublishDecision =
  | { outcome: 'publish' | 'unchanged' | 'shadow' }
  | { outcome: 'skipped'; reason: FenceReason['code']; sentence: string };

/**
 * `publish` moves the pointer to the new version, `unchanged` and `shadow` leave it; all three store the build's vector,
 * `lastFinishedAttempt = attempt`, `noFailure`, and `owedSince = null`. `skipped` stores nothing: the model stays owed.
 *
 * Attempts are compared, not times: a build whose worker lost its connection may come back late. As each build also
 * checks in its snapshot that no later attempt has begun, the order of attempts is the order of snapshots, so
 * publishing never goes back in time.
 */
export function decidePublish(row: FenceRow | null, build: FinishedBuild): PublishDecision {
  if (!row || row.deleted) return skipped({ code: 'model_deleted' });
  if (build.attempt <= row.lastFinishedAttempt) return skipped({ code: 'overtaken' });
  if (build.lastStartedAttemptInSnapshot !== build.attempt) return skipped({ code: 'overtaken' });
  if (build.vector['d'] !== row.definitionRevision) return skipped({ code: 'definition_changed' });
  if (row.inputHeld) return skipped({ code: 'held_meanwhile' });
  if (row.pinnedVersion !== null || row.mode === 'shadow') return { outcome: 'shadow' };
  const isSame = row.publishedVersion > 0 && build.equalsVersion === row.publishedVersion;
  return { outcome: isSame ? 'unchanged' : 'publish' };
}

/** The sentence needs no clock: none of the fence's reasons tells a time. */
const skipped = (reason: FenceReason): PublishDecision => ({
  outcome: 'skipped',
  reason: reason.code,
  sentence: explainSkip(reason, 0),
});

export type FailureState = Pick<
  ModelState,
  'failures' | 'vectorFailures' | 'failedVector' | 'failureFinal' | 'retryAt'
>;

/** What a finished build stores: the slate is clean. */
export const noFailure: Readonly<FailureState> = {
  failures: 0,
  vectorFailures: 0,
  failedVector: null,
  failureFinal: false,
  retryAt: null,
};

export interface BuildFailure {
  /** The vector the build was made from (or would have been, when it failed before its snapshot). */
  vector: InputVector;
  /** Of the FreshetError: `discard` (guard, preflight, SQL, cancel) gives this vector up at once. */
  verdict: Verdict;
  /** For `wait`: epoch milliseconds before which trying is in vain. */
  until?: number;
}

export interface RetryPolicy {
  attempts: number;
  /** Milliseconds after the first, second … failure in a row. */
  backoff: readonly number[];
}

/**
 * What to store after a failed build, unless a later attempt has finished meanwhile (`attempt <= lastFinishedAttempt`:
 * then nothing). The published version and the built vector stay; `givenUp` is for the history.
 */
export function afterFailure(
  model: FailureState,
  failure: BuildFailure,
  now: number,
  { attempts, backoff }: RetryPolicy,
): FailureState & { givenUp: boolean } {
  const failures = model.failures + 1;
  const vectorFailures = vectorsEqual(model.failedVector, failure.vector) ? model.vectorFailures + 1 : 1;
  const failureFinal = failure.verdict === 'discard';
  const retryAt = Math.max(now + backoffAfter(failures, backoff), failure.until ?? 0);
  const givenUp = failureFinal || vectorFailures >= attempts;
  return { failures, vectorFailures, failedVector: failure.vector, failureFinal, retryAt, givenUp };
}
