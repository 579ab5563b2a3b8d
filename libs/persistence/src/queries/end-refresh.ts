/** Ends a refresh that published nothing: failed, cancelled, or found that there was nothing to do. */
import type { Fault, GuardReport, QueryPlan, VersionDiff } from '@freshet/contracts';
import type { FailureState, InputVector } from '@freshet/domain';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

export interface UnpublishedRefresh {
  modelId: string;
  projectId: string;
  refreshId: string;
  status: 'FAILED' | 'SKIPPED' | 'CANCELLED';
  /** Null: what is there stays, such as who cancelled it. */
  why: string | null;
  error: Fault | null;
  /** What it was built from; null: what was noted at its start. */
  vector: InputVector | null;
  sql: string | null;
  guards: GuardReport[];
  /** Of a dry run or shadow build, as far as it came. */
  plan: QueryPlan | null;
  comparison: VersionDiff | null;
  durationMs: number;
  /** Says what the failure means for the next attempt, from the model's state as it is now; null: it counts for nothing. */
  failure: ((model: FailureState) => FailureState & { givenUp: boolean }) | null;
}

// The model first, as everybody does who takes both.
const lockModel = `select id from app.data_model where id = $1 for update`;

const endRefresh = /* sql */ `
update app.refresh
set status = $2, completed_at = clock_timestamp(), lease_until = null, why = coalesce($3, why), error = $4,
  vector = coalesce($5, vector), sql = $6, guards = $7, plan = $8, comparison = $9
where id = $1 and status in ('RUNNING', 'QUEUED') returning id, why`;

const release = `update app.data_model set lease_until = null, lease_refresh_id = null where id = $1 and lease_refresh_id = $2`;

/** Of `app.data_model m`, as a `FailureState`. */
export const failureColumns = /* sql */ `m.failures, m.vector_failures as "vectorFailures", m.failed_vector as "failedVector",
  m.failure_final as "failureFinal", m.interruptions, (extract(epoch from m.retry_at) * 1000)::float8 as "retryAt"`;

const store = /* sql */ `
update app.data_model
set failures = $2, vector_failures = $3, failed_vector = $4, failure_final = $5, interruptions = $6,
  retry_at = to_timestamp($7::float8 / 1000), last_error = $8, last_duration_ms = coalesce($9, last_duration_ms)
where id = $1`;

/** @param durationMs null: it is not known */
export const storeFailure = async (
  sql: Sql,
  modelId: string,
  failure: FailureState,
  error: Fault | null,
  durationMs: number | null,
): Promise<void> => {
  await sql.rows(store, [
    modelId, failure.failures, failure.vectorFailures, JSON.stringify(failure.failedVector), failure.failureFinal,
    failure.interruptions, failure.retryAt, error && JSON.stringify(error), durationMs && Math.round(durationMs),
  ]); // prettier-ignore
};

/** Nothing when a later attempt has finished meanwhile: what failed is history then. */
const readFailures = /* sql */ `
select ${failureColumns} from app.data_model m join app.refresh r on r.id = $2
where m.id = $1 and m.last_finished_attempt < r.version`;

const endItems = `update app.cascade_item set state = $2, why = $3 where refresh_id = $1 and state = 'running'`;

const eventOf = {
  FAILED: 'model:refresh:failed',
  SKIPPED: 'model:refresh:skipped',
  CANCELLED: 'model:refresh:cancelled',
} as const;

/** In a transaction. Does nothing to a refresh that has ended. */
export const endRefreshUnpublished = async (sql: Sql, end: UnpublishedRefresh): Promise<void> => {
  const { modelId, refreshId, status } = end;
  await sql.rows(lockModel, [modelId]);
  const [ended] = await sql.rows<{ why: string }>(endRefresh, [
    refreshId, status, end.why, jsonOf(end.error), jsonOf(end.vector), end.sql, JSON.stringify(end.guards), jsonOf(end.plan),
    jsonOf(end.comparison),
  ]); // prettier-ignore
  if (!ended) return;
  await sql.rows(release, [modelId, refreshId]);
  const [before] = end.failure
    ? await sql.rows<FailureState & Record<string, unknown>>(readFailures, [modelId, refreshId])
    : [];
  const failure = before && end.failure ? end.failure(before) : null;
  if (failure) await storeFailure(sql, modelId, failure, end.error, end.durationMs);
  // What is tried again, or still owed, goes on waiting in its cascades.
  const goesOn = status === 'SKIPPED' || (status === 'FAILED' && !failure?.givenUp);
  const sentence = end.error?.message ?? ended.why;
  await sql.rows(endItems, [
    refreshId,
    goesOn ? 'waiting' : status === 'FAILED' ? 'failed' : 'skipped',
    sentence,
  ]);
  await askDispatch(sql, end.projectId);
  await emitEvents(sql, end.projectId, [{ name: eventOf[status], payload: { modelId, refreshId } }]);
};

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
