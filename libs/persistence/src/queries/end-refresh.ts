/** Ends a refresh that published nothing: failed, cancelled, or found that there was nothing to do. */
import type { Fault } from '@freshet/contracts';
import type { FailureState, InputVector } from '@freshet/domain';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

export interface UnpublishedRefresh {
  modelId: string;
  projectId: string;
  refreshId: string;
  status: 'FAILED' | 'SKIPPED' | 'CANCELLED';
  why: string | null;
  error: Fault | null;
  vector: InputVector | null;
  sql: string | null;
  guards: { guard: string; ok: boolean; message: string }[];
  durationMs: number;
  /** Says what the failure means for the next attempt, from the model's state as it is now; null: it counts for nothing. */
  failure: ((model: FailureState) => FailureState & { givenUp: boolean }) | null;
}

const endRefresh = /* sql */ `
update app.refresh
set status = $2, completed_at = clock_timestamp(), lease_until = null, why = coalesce($3, why), error = $4, vector = $5,
  sql = $6, guards = $7
where id = $1 and status in ('RUNNING', 'QUEUED') returning id`;

const release = `update app.data_model set lease_until = null, lease_refresh_id = null where id = $1 and lease_refresh_id = $2`;

const storeFailure = /* sql */ `
update app.data_model
set failures = $2, vector_failures = $3, failed_vector = $4, failure_final = $5, retry_at = to_timestamp($6::float8 / 1000),
  last_error = $7, last_duration_ms = $8
where id = $1`;

/** Nothing when a later attempt has finished meanwhile: what failed is history then. */
const lockFailures = /* sql */ `
select m.failures, m.vector_failures as "vectorFailures", m.failed_vector as "failedVector",
  m.failure_final as "failureFinal", (extract(epoch from m.retry_at) * 1000)::float8 as "retryAt"
from app.data_model m join app.refresh r on r.id = $2
where m.id = $1 and m.last_finished_attempt < r.version for update of m`;

const endItems = `update app.cascade_item set state = $2, why = $3 where refresh_id = $1 and state = 'running'`;

const eventOf = {
  FAILED: 'model:refresh:failed',
  SKIPPED: 'model:refresh:skipped',
  CANCELLED: 'model:refresh:cancelled',
} as const;

/** In a transaction. Does nothing to a refresh that has ended. */
export const endRefreshUnpublished = async (sql: Sql, end: UnpublishedRefresh): Promise<void> => {
  const { modelId, refreshId, status } = end;
  const error = end.error ? JSON.stringify(end.error) : null;
  const vector = end.vector ? JSON.stringify(end.vector) : null;
  const [ended] = await sql.rows(endRefresh, [
    refreshId,
    status,
    end.why,
    error,
    vector,
    end.sql,
    JSON.stringify(end.guards),
  ]);
  if (!ended) return;
  await sql.rows(release, [modelId, refreshId]);
  const [before] = end.failure
    ? await sql.rows<FailureState & Record<string, unknown>>(lockFailures, [modelId, refreshId])
    : [];
  const failure = before && end.failure ? end.failure(before) : null;
  if (failure) {
    await sql.rows(storeFailure, [
      modelId, failure.failures, failure.vectorFailures, JSON.stringify(failure.failedVector), failure.failureFinal,
      failure.retryAt, error, Math.round(end.durationMs),
    ]); // prettier-ignore
  }
  // What is tried again, or still owed, goes on waiting in its cascades.
  const goesOn = status === 'SKIPPED' || (status === 'FAILED' && !failure?.givenUp);
  const sentence = end.error?.message ?? end.why ?? 'It was cancelled.';
  await sql.rows(endItems, [
    refreshId,
    goesOn ? 'waiting' : status === 'FAILED' ? 'failed' : 'skipped',
    sentence,
  ]);
  await askDispatch(sql, end.projectId);
  await emitEvents(sql, end.projectId, [{ name: eventOf[status], payload: { modelId, refreshId } }]);
};
