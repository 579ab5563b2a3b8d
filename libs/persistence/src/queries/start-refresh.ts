/** Takes the lease of a model's refresh and draws its attempt: from here on it runs, until it ends or the lease does. */
import type { RefreshTrigger } from '@freshet/contracts';
import type { Sql } from '../sql';
import { emitEvents } from './emit-events';

export interface StartedRefresh {
  refreshId: string;
  /** Number of this attempt, and of the version it builds. */
  attempt: number;
  triggeredBy: RefreshTrigger;
  correlationId: string;
}

const lockModel = /* sql */ `
select organization_id, project_id, lease_until > clock_timestamp() as leased
from app.data_model where id = $1 and deleted_at is null for update`;

/** A refresh whose lease ran out: its process died, its half-built version is swept. */
const buryDead = /* sql */ `
update app.refresh set status = 'FAILED', completed_at = clock_timestamp(), lease_until = null,
  error = '{"code": "interrupted", "message": "The process that refreshed it stopped midway.", "action": "Nothing to do: it is refreshed again by itself."}'
where model_id = $1 and status = 'RUNNING'`;

const draw = /* sql */ `
update app.data_model
set last_started_attempt = last_started_attempt + 1, lease_until = clock_timestamp() + make_interval(secs => $2)
where id = $1 returning last_started_attempt as attempt`;

const run = /* sql */ `
update app.refresh
set status = 'RUNNING', started_at = clock_timestamp(), version = $2, why = case when triggered_by = 'cascade' then $3 else why end,
  lease_until = clock_timestamp() + make_interval(secs => $4)
where model_id = $1 and status = 'QUEUED'
returning id, triggered_by, correlation_id`;

/** A job may outlive its queued row (a lost Redis, a sweep): the refresh is run all the same. */
const queueNow = /* sql */ `
insert into app.refresh (organization_id, project_id, model_id, triggered_by, why, correlation_id)
values ($1, $2, $3, 'cascade', $4, $5) on conflict (model_id, kind) where status = 'QUEUED' do nothing`;

const tellItems = /* sql */ `
update app.cascade_item set state = 'running', refresh_id = $2, started_at = clock_timestamp(), why = $3
where model_id = $1 and state = 'waiting'`;

const nameInModel = `update app.data_model set lease_refresh_id = $2 where id = $1`;

/** In a transaction. @returns null when the model is gone or somebody else refreshes it */
export const startRefresh = async (
  sql: Sql,
  {
    modelId,
    leaseSeconds,
    why,
    correlationId,
  }: { modelId: string; leaseSeconds: number; why: string; correlationId: string },
): Promise<StartedRefresh | null> => {
  const [model] = await sql.rows<{ organization_id: string; project_id: string; leased: boolean | null }>(
    lockModel,
    [modelId],
  );
  if (!model || model.leased) return null;
  await sql.rows(buryDead, [modelId]);
  await sql.rows(queueNow, [model.organization_id, model.project_id, modelId, why, correlationId]);
  const [drawn] = await sql.rows<{ attempt: number }>(draw, [modelId, leaseSeconds]);
  const attempt = drawn?.attempt ?? 0;
  const [refresh] = await sql.rows<{ id: string; triggered_by: RefreshTrigger; correlation_id: string }>(run, [
    modelId, attempt, why, leaseSeconds,
  ]); // prettier-ignore
  if (!refresh) return null;
  await sql.rows(nameInModel, [modelId, refresh.id]);
  await sql.rows(tellItems, [modelId, refresh.id, why]);
  await emitEvents(sql, model.project_id, [
    { name: 'model:refresh:started', payload: { modelId, refreshId: refresh.id } },
  ]);
  return {
    refreshId: refresh.id,
    attempt,
    triggeredBy: refresh.triggered_by,
    correlationId: refresh.correlation_id,
  };
};
