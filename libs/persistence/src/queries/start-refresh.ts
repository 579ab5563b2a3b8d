/** Takes the lease of a model's refresh and draws its attempt: from here on it runs, until it ends or the lease does. */
import { defaults, type RefreshKind, type RefreshTrigger } from '@freshet/contracts';
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
  /** When that decision's state was read, by the database's clock, in epoch milliseconds. */
  lookedAt: number;
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
select m.project_id, m.last_started_attempt + 1 as attempt, m.lease_until > clock_timestamp() as leased,
  (select r.id from app.refresh r where r.model_id = m.id and r.status = 'RUNNING') as running
from app.data_model m where m.id = $1 and m.deleted_at is null for update`;

// One statement, since the model's row is locked meanwhile; it looks at the clock itself, as a process may stand still before it. A job may outlive its queued row (a lost Redis, a sweep): a live
// refresh is run all the same.
const start = /* sql */ `
with b as materialized (
  select now, now + make_interval(secs => $6::float8) as until from (select clock_timestamp() as now) clock
  where now <= to_timestamp($8::float8 / 1000)
),
taken as (
  update app.refresh r
  set status = 'RUNNING', started_at = b.now, version = $3, why = case when r.triggered_by = 'cascade' then $4 else r.why end,
    vector = $5, lease_until = b.until
  from b where r.model_id = $1 and r.kind = $2 and r.status = 'QUEUED'
  returning r.id, r.triggered_by, r.correlation_id
),
made as (
  insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, queued_at, started_at, version, why, vector, lease_until, correlation_id)
  select m.organization_id, m.project_id, m.id, 'RUNNING', 'cascade', b.now, b.now, $3, $4, $5, b.until, $7
  from app.data_model m, b where m.id = $1 and $2 = 'live' and not exists (select from taken)
  returning id, triggered_by, correlation_id
),
run as (select * from taken union all select * from made),
model as (
  update app.data_model m set last_started_attempt = $3, lease_until = b.until, lease_refresh_id = run.id
  from run, b where m.id = $1
),
items as (
  update app.cascade_item i set state = 'running', refresh_id = run.id, started_at = b.now, why = $4
  from run, b where i.model_id = $1 and i.state in ('waiting', 'built') and $2 = 'live'
)
select id, triggered_by, correlation_id from run`;

const isLate = /* sql */ `select clock_timestamp() > to_timestamp($1::float8 / 1000) as late`;

/**
 * In a transaction.
 * @returns `late` when the decision is too old: to be made anew; null when the model is gone, somebody else refreshes it or died of it and is not buried yet, or the ask was taken back
 */
export const startRefresh = async (
  sql: Sql,
  { modelId, kind, leaseSeconds, why, vector, lookedAt, correlationId }: RefreshStart,
): Promise<StartedRefresh | 'late' | null> => {
  const [model] = await sql.rows<{
    project_id: string;
    attempt: number;
    leased: boolean | null;
    running: string | null;
  }>(lockModel, [modelId]);
  if (!model || model.leased || model.running) return null;
  const { attempt } = model;
  const until = lookedAt + defaults.refresh.look;
  const [refresh] = await sql.rows<{ id: string; triggered_by: RefreshTrigger; correlation_id: string }>(start, [
    modelId, kind, attempt, why, JSON.stringify(vector), leaseSeconds, correlationId, until,
  ]); // prettier-ignore
  if (!refresh) return (await sql.rows<{ late: boolean }>(isLate, [until]))[0]?.late ? 'late' : null;
  const { id: refreshId, triggered_by: triggeredBy } = refresh;
  await emitEvents(sql, model.project_id, [
    { name: 'model:refresh:started', payload: { modelId, refreshId } },
  ]);
  return { refreshId, kind, attempt, triggeredBy, correlationId: refresh.correlation_id };
};
