/** Takes the lease of a model's refresh and draws its attempt: from here on it runs, until it ends or the lease does. */
import type { RefreshKind, RefreshTrigger } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import type { Sql } from '../sql';
import { emitEvents } from './emit-events';

export interface RefreshStart {
  modelId: string;
  kind: RefreshKind;
  leaseSeconds: number;
  /** Why a cascade's refresh runs; one that was asked for keeps its own reason. */
  why: string;
  /** What it is about to be built from, as the decision to run saw it: should it never end, this is what it died on. */
  vector: InputVector;
  correlationId: string;
}

export interface StartedRefresh {
  refreshId: string;
  kind: RefreshKind;
  /** Number of this attempt, and of the version it builds. */
  attempt: number;
  triggeredBy: RefreshTrigger;
  correlationId: string;
}

const lockModel = /* sql */ `
select m.organization_id, m.project_id, m.lease_until > clock_timestamp() as leased,
  (select r.id from app.refresh r where r.model_id = m.id and r.status = 'RUNNING') as running
from app.data_model m where m.id = $1 and m.deleted_at is null for update`;

const draw = /* sql */ `
update app.data_model
set last_started_attempt = last_started_attempt + 1, lease_until = clock_timestamp() + make_interval(secs => $2), lease_refresh_id = $3
where id = $1 returning last_started_attempt as attempt`;

const take = /* sql */ `
update app.refresh
set status = 'RUNNING', started_at = clock_timestamp(), why = case when triggered_by = 'cascade' then $3 else why end,
  vector = $4, lease_until = clock_timestamp() + make_interval(secs => $5)
where model_id = $1 and kind = $2 and status = 'QUEUED'
returning id, triggered_by, correlation_id`;

const nameVersion = `update app.refresh set version = $2 where id = $1`;

/** A job may outlive its queued row (a lost Redis, a sweep): the refresh is run all the same. */
const queueNow = /* sql */ `
insert into app.refresh (organization_id, project_id, model_id, triggered_by, why, correlation_id)
values ($1, $2, $3, 'cascade', $4, $5) on conflict (model_id, kind) where status = 'QUEUED' do nothing`;

const tellItems = /* sql */ `
update app.cascade_item set state = 'running', refresh_id = $2, started_at = clock_timestamp(), why = $3
where model_id = $1 and state in ('waiting', 'built')`;

/**
 * In a transaction.
 * @returns null when the model is gone, somebody else refreshes it or died of it and is not buried yet, or the ask was taken back
 */
export const startRefresh = async (
  sql: Sql,
  { modelId, kind, leaseSeconds, why, vector, correlationId }: RefreshStart,
): Promise<StartedRefresh | null> => {
  const [model] = await sql.rows<{
    organization_id: string;
    project_id: string;
    leased: boolean | null;
    running: string | null;
  }>(lockModel, [modelId]);
  if (!model || model.leased || model.running) return null;
  if (kind === 'live')
    await sql.rows(queueNow, [model.organization_id, model.project_id, modelId, why, correlationId]);
  const [refresh] = await sql.rows<{ id: string; triggered_by: RefreshTrigger; correlation_id: string }>(take, [
    modelId, kind, why, JSON.stringify(vector), leaseSeconds,
  ]); // prettier-ignore
  if (!refresh) return null;
  const [drawn] = await sql.rows<{ attempt: number }>(draw, [modelId, leaseSeconds, refresh.id]);
  const attempt = drawn?.attempt ?? 0;
  await sql.rows(nameVersion, [refresh.id, attempt]);
  if (kind === 'live') await sql.rows(tellItems, [modelId, refresh.id, why]);
  await emitEvents(sql, model.project_id, [
    { name: 'model:refresh:started', payload: { modelId, refreshId: refresh.id } },
  ]);
  return {
    refreshId: refresh.id,
    kind,
    attempt,
    triggeredBy: refresh.triggered_by,
    correlationId: refresh.correlation_id,
  };
};
