/** Cancels a refresh: one that only waits ends at once, a running one is told to stop. */
import { channels, type RefreshKind } from '@freshet/contracts';
import type { Sql } from '../sql';
import { askDispatch, emitEvents } from './emit-events';

// The model first, as everybody does who takes both: a publishing refresh holds it.
const lockModel = /* sql */ `
select m.id from app.data_model m where m.id = (select r.model_id from app.refresh r where r.id = $1) for update`;

const query = /* sql */ `
update app.refresh
set cancel_requested = true, why = $2,
    status = case when status = 'QUEUED' then 'CANCELLED' else status end,
    completed_at = case when status = 'QUEUED' then clock_timestamp() else completed_at end
where id = $1 and status in ('QUEUED', 'RUNNING')
returning project_id as "projectId", model_id as "modelId", kind, status`;

/** The ask is taken back too: without it the model would still be owed by its forced-refresh counter. */
const takeBack = /* sql */ `
update app.data_model set forced = (built_vector ->> 'f')::integer where id = $1 and built_vector is not null`;

/** As a running one that is cancelled: what it is owed now is not tried again, anything else is. */
const giveUp = /* sql */ `
with current as (
  select jsonb_build_object('d', m.definition_revision, 'f', m.forced) || coalesce((
    select jsonb_object_agg(i.kind || ':' || i.input_id, coalesce(s.revision, u.candidate_version, u.published_version, 0))
    from app.model_input i
    left join app.stream s on i.kind = 't' and s.id = i.input_id
    left join app.data_model u on i.kind = 'm' and u.id = i.input_id
    where i.model_id = m.id), '{}') as vector
  from app.data_model m where m.id = $1
)
update app.data_model m set failure_final = true, vector_failures = 1, failed_vector = current.vector
from current where m.id = $1 and m.built_vector is distinct from current.vector`;

const endItems = /* sql */ `
update app.cascade_item set state = 'skipped', why = $2 where model_id = $1 and state = 'waiting'`;

/**
 * In a transaction. Does nothing to a refresh that has ended.
 * @param by who wants it stopped, as the history shows it
 */
export const cancelRefresh = async (sql: Sql, refreshId: string, by = 'Somebody'): Promise<void> => {
  await sql.rows(lockModel, [refreshId]);
  const why = `${by} cancelled it; it is refreshed again when an input changes or when you ask.`;
  const [refresh] = await sql.rows<{
    projectId: string;
    modelId: string;
    kind: RefreshKind;
    status: string;
  }>(query, [refreshId, why]);
  if (!refresh) return;
  const { modelId, projectId, kind } = refresh;
  const ended = refresh.status === 'CANCELLED';
  if (kind === 'live') {
    await sql.rows(takeBack, [modelId]);
    if (ended) {
      await sql.rows(giveUp, [modelId]);
      await sql.rows(endItems, [modelId, why]);
    }
  }
  await askDispatch(sql, projectId);
  await sql.rows(`select pg_notify('${channels.cancel}', $1)`, [JSON.stringify({ refreshId })]);
  if (!ended) return;
  await emitEvents(sql, projectId, [{ name: 'model:refresh:cancelled', payload: { modelId, refreshId } }]);
};
