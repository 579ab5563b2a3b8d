/** Ends refreshes whose process died: their lease ran out, so the model can be taken again, after a while that grows. */
import { defaults, type Fault, type RefreshKind } from '@freshet/contracts';
import { afterInterruption, type FailureState, type InputVector } from '@freshet/domain';
import type { ControlPlane } from '../control-plane';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';
import { storeFailure, failureColumns } from './end-refresh';

const findDead = /* sql */ `
select id from app.refresh where status = 'RUNNING' and lease_until < clock_timestamp() and ($1::bigint is null or model_id = $1)`;

// The model first, as everybody does who takes both; somebody who holds it is about to end the refresh in another way.
const lockDead = /* sql */ `
select r.model_id as "modelId", r.project_id as "projectId", r.kind, r.vector,
  r.version > m.last_finished_attempt as "isLatest", (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
  ${failureColumns}
from app.data_model m join app.refresh r on r.model_id = m.id and r.id = $1
where r.status = 'RUNNING' and r.lease_until < clock_timestamp() for update of m skip locked`;

const end = /* sql */ `
update app.refresh set status = 'FAILED', completed_at = clock_timestamp(), lease_until = null, error = $2
where id = $1 and status = 'RUNNING' and lease_until < clock_timestamp() returning id`;

const release = `update app.data_model set lease_until = null, lease_refresh_id = null where id = $1 and lease_refresh_id = $2`;

const endItems = `update app.cascade_item set state = $2, why = $3 where refresh_id = $1 and state = 'running'`;

type Dead = FailureState & {
  modelId: string;
  projectId: string;
  kind: RefreshKind;
  vector: InputVector | null;
  isLatest: boolean;
  /** Epoch milliseconds. */
  now: number;
} & Record<string, unknown>;

/**
 * Each in a transaction of its own, so that one model somebody holds keeps up no other.
 * @param modelId only those of this model
 * @returns the models concerned
 */
export const buryDeadRefreshes = async (
  plane: ControlPlane,
  modelId: string | null = null,
): Promise<string[]> => {
  const buried: string[] = [];
  for (const { id } of await plane.system.rows<{ id: string }>(findDead, [modelId])) {
    const model = await plane.systemTransaction((sql) => bury(sql, id));
    if (model) buried.push(model);
  }
  return buried;
};

const bury = async (sql: Sql, refreshId: string): Promise<string | null> => {
  const [dead] = await sql.rows<Dead>(lockDead, [refreshId]);
  if (!dead) return null;
  const { modelId, projectId, kind, vector, isLatest, now } = dead;
  const counts = kind === 'live' && vector !== null && isLatest;
  const after = counts ? afterInterruption(dead, vector, now, defaults.refresh) : null;
  const fault = faultOf(kind, after);
  const [ended] = await sql.rows(end, [refreshId, JSON.stringify(fault)]);
  if (!ended) return null;
  await sql.rows(release, [modelId, refreshId]);
  if (after) await storeFailure(sql, modelId, after, fault, null);
  const item = after?.givenUp ? 'failed' : 'waiting';
  const why = after?.givenUp ? fault.message : 'Its refresh was interrupted and begins again.';
  await sql.rows(endItems, [refreshId, item, why]);
  await askDispatch(sql, projectId);
  await emitEvents(sql, projectId, [{ name: 'model:refresh:failed', payload: { modelId, refreshId } }]);
  return modelId;
};

const faultOf = (kind: RefreshKind, after: { interruptions: number; givenUp: boolean } | null): Fault => {
  if (kind !== 'live')
    return {
      code: 'interrupted',
      message: 'The process that built it stopped midway.',
      action: 'Ask for it again.',
    };
  if (after?.givenUp)
    return {
      code: 'interrupted',
      message: `The process that refreshed it stopped midway ${after.interruptions} times in a row, on the same inputs.`,
      action:
        'Look at the service’s log and at the memory the query takes, then refresh it by hand; it is tried again by itself when an input changes.',
    };
  return {
    code: 'interrupted',
    message: 'The process that refreshed it stopped midway.',
    action: 'Nothing to do: it is refreshed again by itself.',
  };
};
