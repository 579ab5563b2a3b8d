/** Stores what the dispatcher decided: waiting clocks, queued refreshes, and what became of the models of open cascades. */
import type { CascadeItemState, RefreshKind } from '@freshet/contracts';
import type { Sql } from '../sql';
import { emitEvents, type NewEvent } from './emit-events';
import type { OpenWork } from './find-open-work';

export interface DispatchRecord {
  /** The projects that were looked at. */
  projectIds: readonly string[];
  /** As it was before the state was loaded that this follows from. */
  open: OpenWork;
  owedSince: { modelId: string; value: number | null }[];
  /** Models to refresh now, with their last attempt as the state had it: one that began since needs no other. */
  ready: { modelId: string; lastStartedAttempt: number }[];
  /** Models that wait: told in the timeline. */
  waiting: { modelId: string; sentence: string }[];
  /** Models that will not be refreshed for now, with the reason: their open requests and cascade items end. */
  settled: { modelId: string; state: Extract<CascadeItemState, 'skipped' | 'failed'>; sentence: string }[];
  /** One-off asks that can't be served. */
  endedAsks: { modelId: string; kind: RefreshKind; sentence: string }[];
}

const storeOwedSince = /* sql */ `
update app.data_model m set owed_since = to_timestamp(e.value / 1000)
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, value float8) where m.id = e."modelId"`;

// The lock waits for a refresh that is just being started; its attempt is then another one, and nothing is queued.
const queueReady = /* sql */ `
insert into app.refresh (organization_id, project_id, model_id, triggered_by, source_id, cascade_id, why, correlation_id)
select m.organization_id, m.project_id, m.id, 'cascade', c.source_id, c.id, coalesce(c.item_why, 'Its inputs changed.'),
  coalesce(c.correlation_id, 'dispatch-' || m.id)
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, "lastStartedAttempt" integer)
join app.data_model m on m.id = e."modelId" and m.last_started_attempt = e."lastStartedAttempt"
left join lateral (
  select x.id, x.source_id, i.why as item_why, r.correlation_id
  from app.cascade_item i join app.cascade x on x.id = i.cascade_id left join app.sync_run r on r.id = x.run_id
  where i.model_id = m.id and i.state in ('waiting', 'built') order by x.id limit 1) c on true
for no key update of m
on conflict (model_id, kind) where status = 'QUEUED' do nothing
returning id::text, model_id::text, project_id::text`;

const tellReady = /* sql */ `
update app.cascade_item i set queued_at = clock_timestamp(), why = 'It is ready and waits for a free worker.'
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint)
where i.model_id = e."modelId" and i.state = 'waiting' and i.queued_at is null`;

const tellWaiting = /* sql */ `
update app.cascade_item i set why = e.sentence
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, sentence text)
where i.model_id = e."modelId" and i.state in ('waiting', 'built') and i.why <> e.sentence`;

const settleRequests = /* sql */ `
update app.refresh r set status = 'SKIPPED', completed_at = clock_timestamp(), why = e.sentence
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, kind text, sentence text)
where r.model_id = e."modelId" and r.kind = coalesce(e.kind, 'live') and r.status = 'QUEUED' and r.id = any($2::bigint[])
returning r.id::text, r.model_id::text, r.project_id::text`;

// A model that is passed over without anybody having asked for it has a line in its history all the same (spec CA7).
const settleItems = /* sql */ `
with open as (
  select i.cascade_id, i.model_id, i.state as before, e.state, e.sentence
  from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, state text, sentence text)
  join app.cascade_item i on i.model_id = e."modelId" and i.state in ('waiting', 'built') and i.cascade_id <= $2
  for update of i
), settled as (
  update app.cascade_item i set state = o.state, why = o.sentence
  from open o where i.cascade_id = o.cascade_id and i.model_id = o.model_id
  returning i.cascade_id, i.model_id, i.state, i.why, o.before
)
insert into app.refresh (organization_id, project_id, model_id, status, triggered_by, source_id, cascade_id, why, queued_at,
  completed_at, correlation_id)
select distinct on (s.model_id) c.organization_id, c.project_id, s.model_id, 'SKIPPED', 'cascade', c.source_id, c.id, s.why,
  statement_timestamp(), statement_timestamp(), coalesce(r.correlation_id, 'dispatch-' || s.model_id)
from settled s
join app.cascade c on c.id = s.cascade_id
left join app.sync_run r on r.id = c.run_id
where s.state = 'skipped' and s.before = 'waiting' and s.model_id <> all($3::bigint[])
order by s.model_id, c.id desc
returning id::text, model_id::text, project_id::text`;

const endCascades = /* sql */ `
update app.cascade c set completed_at = clock_timestamp()
where c.project_id = any($1::bigint[]) and c.completed_at is null
  and not exists (select from app.cascade_item i where i.cascade_id = c.id and i.state in ('waiting', 'running', 'built'))`;

type Touched = { id: string; model_id: string; project_id: string };
type Told = 'model:refresh:queued' | 'model:refresh:skipped';

/** In a transaction; the last thing it does. */
export const recordDispatch = async (sql: Sql, record: DispatchRecord): Promise<void> => {
  const events = new Map<string, NewEvent[]>();
  const tell = (rows: Touched[], name: Told): Touched[] => {
    for (const { id: refreshId, model_id: modelId, project_id: projectId } of rows) {
      events.set(projectId, [...(events.get(projectId) ?? []), { name, payload: { modelId, refreshId } }]);
    }
    return rows;
  };
  const { refreshIds, lastCascadeId } = record.open;
  if (record.owedSince.length) await sql.rows(storeOwedSince, [JSON.stringify(record.owedSince)]);
  if (record.ready.length) {
    const ready = [JSON.stringify(record.ready)];
    tell(await sql.rows<Touched>(queueReady, ready), 'model:refresh:queued');
    await sql.rows(tellReady, ready);
  }
  if (record.waiting.length) await sql.rows(tellWaiting, [JSON.stringify(record.waiting)]);
  const ending = [...record.settled, ...record.endedAsks];
  if (ending.length) {
    const requests = [JSON.stringify(ending), refreshIds];
    const told = tell(await sql.rows<Touched>(settleRequests, requests), 'model:refresh:skipped');
    const items = [JSON.stringify(record.settled), lastCascadeId, told.map(({ model_id: id }) => id)];
    tell(await sql.rows<Touched>(settleItems, items), 'model:refresh:skipped');
  }
  await sql.rows(endCascades, [record.projectIds]);
  for (const projectId of [...events.keys()].sort((a, b) => Number(a) - Number(b))) {
    await emitEvents(sql, projectId, events.get(projectId) ?? []);
  }
};
