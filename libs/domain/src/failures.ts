/** What failed and interrupted attempts mean for the next one: when it is tried again, and when it is given up. */
import { defaults, type Verdict } from '@freshet/contracts';
import { backoffAfter } from './backoff';
import type { ModelState } from './cascade-state';
import { vectorsEqual, type InputVector } from './input-vector';

export type FailureState = Pick<
  ModelState,
  'failures' | 'vectorFailures' | 'failedVector' | 'failureFinal' | 'interruptions' | 'retryAt'
>;

/** What a finished build stores: the slate is clean. */
export const noFailure: Readonly<FailureState> = {
  failures: 0,
  vectorFailures: 0,
  failedVector: null,
  failureFinal: false,
  interruptions: 0,
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
  /** Interrupted attempts in a row on one vector after which it is given up. */
  interruptions?: number;
}

/**
 * What to store after a failed or cancelled live build, unless a later attempt has finished meanwhile
 * (`attempt <= lastFinishedAttempt`: then nothing). The published version and the built vector stay; `givenUp` is for
 * the history. One-off shadow builds and dry runs store nothing of this.
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
  const failedVector = failure.vector;
  return { failures, vectorFailures, failedVector, failureFinal, interruptions: 0, retryAt, givenUp };
}

/**
 * What to store when a live attempt on `vector` ended with its process or its lease, with nothing said about the query
 * itself: it is tried again with the same backoff, and given up only after many in a row, as one that takes its process
 * down with it would otherwise do so for ever. Failures on the same inputs stay counted.
 */
export function afterInterruption(
  model: FailureState,
  vector: InputVector,
  now: number,
  { backoff, interruptions: most = defaults.refresh.interruptions }: RetryPolicy,
): FailureState & { givenUp: boolean } {
  const isSame = vectorsEqual(model.failedVector, vector);
  const interruptions = isSame ? model.interruptions + 1 : 1;
  return {
    failures: model.failures,
    vectorFailures: isSame ? model.vectorFailures : 0,
    failedVector: vector,
    failureFinal: isSame && model.failureFinal,
    interruptions,
    retryAt: now + backoffAfter(interruptions, backoff),
    givenUp: interruptions >= most,
  };
}

/** Given up for this vector: it failed on it too often, or once in a way that trying again can't mend, or was interrupted too often. */
export const isGivenUp = (
  model: Pick<ModelState, 'failedVector' | 'failureFinal' | 'vectorFailures' | 'interruptions'>,
  vector: InputVector,
  { attempts, interruptions = defaults.refresh.interruptions }: { attempts: number; interruptions?: number },
): boolean =>
  model.failedVector !== null &&
  vectorsEqual(model.failedVector, vector) &&
  (model.failureFinal || model.vectorFailures >= attempts || model.interruptions >= interruptions);
