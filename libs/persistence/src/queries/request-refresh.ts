/** Asks for a refresh of a model: joins the one of its kind that waits, raising it to the asker's class, or queues one. */
import type { RefreshKind, RefreshTrigger } from '@freshet/contracts';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

export interface RefreshRequest {
  modelId: string;
  /** `live` when not told. The others run whether or not the model is owed, and leave it as it is. */
  kind?: RefreshKind;
  trigger: RefreshTrigger;
  principal: string | null;
  why: string;
  correlationId: string;
}

const lockModel = `select organization_id, project_id from app.data_model where id = $1 and deleted_at is null for update`;
const findQueued = `select id, triggered_by from app.refresh where model_id = $1 and kind = $2 and status = 'QUEUED'`;
const raise = `update app.refresh set triggered_by = $2, principal = $3, why = $4 where id = $1`;
const force = `update app.data_model set forced = forced + 1 where id = $1`;
const insert = /* sql */ `
insert into app.refresh (organization_id, project_id, model_id, kind, triggered_by, principal, why, correlation_id)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`;

/** Must run in a transaction; its commit has the project dispatched. @returns null when there is no such model */
export const requestRefresh = async (
  sql: Sql,
  ask: RefreshRequest,
): Promise<{ refreshId: string; joined: boolean; projectId: string } | null> => {
  const { modelId, kind = 'live' } = ask;
  const [model] = await sql.rows<{ organization_id: string; project_id: string }>(lockModel, [modelId]);
  if (!model) return null;
  const projectId = model.project_id;
  const [queued] = await sql.rows<{ id: string; triggered_by: RefreshTrigger }>(findQueued, [modelId, kind]);
  if (queued && queued.triggered_by !== 'cascade') return { refreshId: queued.id, joined: true, projectId };
  // What is owed follows from the vector, of which the counter is a part; a shadow or dry run owes nothing.
  if (kind === 'live') await sql.rows(force, [modelId]);
  await askDispatch(sql, projectId);
  if (queued) {
    await sql.rows(raise, [queued.id, ask.trigger, ask.principal, ask.why]);
    return { refreshId: queued.id, joined: true, projectId };
  }
  const [refresh] = await sql.rows<{ id: string }>(insert, [
    model.organization_id, projectId, modelId, kind, ask.trigger, ask.principal, ask.why, ask.correlationId,
  ]); // prettier-ignore
  const refreshId = refresh?.id ?? '';
  await emitEvents(sql, projectId, [{ name: 'model:refresh:queued', payload: { modelId, refreshId } }]);
  return { refreshId, joined: false, projectId };
};
