/** What one refresh worker knows, at each of the points at which it can be interrupted. */
import type { RefreshKind } from '@freshet/contracts';
import type { InputVector } from '../input-vector';
import type { PendingDispatch } from './dispatcher';

/** Read in one database snapshot. */
export interface Snapshot {
  vector: InputVector;
  /** What the query gives over this snapshot. */
  result: number;
  lastStartedAttempt: number;
  order: number;
}

export type Stage =
  | 'idle'
  | 'taken'
  | 'locked'
  | 'checked'
  | 'leased'
  | 'building'
  | 'built'
  | 'ended'
  | 'released'
  | 'dispatching';

export interface Worker {
  stage: Stage;
  jobId: number;
  modelId: string;
  kind: RefreshKind;
  /** The vector with which it was decided to run. */
  vector: InputVector;
  attempt: number;
  snapshot: Snapshot | null;
  /** The candidate or the published version with which the result was found equal. */
  equalsVersion: number | null;
  dispatch: PendingDispatch | null;
  /** False after it lost its session without noticing: its locks are gone, but it goes on. */
  connected: boolean;
  busyUntil: number;
}

export const idleWorker = (): Worker => ({
  stage: 'idle',
  jobId: 0,
  modelId: '',
  kind: 'live',
  vector: {},
  attempt: 0,
  snapshot: null,
  equalsVersion: null,
  dispatch: null,
  connected: true,
  busyUntil: 0,
});
