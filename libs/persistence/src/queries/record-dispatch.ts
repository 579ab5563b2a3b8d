/** Stores what the dispatcher decided: waiting clocks, queued refreshes, and what became of the models of open cascades. */
import type { CascadeItemState } from '@freshet/contracts';
import type { Sql } from '../sql';
import { emitEvents, type NewEvent } from './emit-events';
import type { OpenWork } from './find-open-work';

export interface DispatchRecord {
  projectId: string;
  /** As it was before the state was loaded that this follows from. */
  open: OpenWork;
  owedSince: { modelId: string; value: number | null }[];
  /** Models to refresh now, with their last attempt as the state had it: one that began since needs no other. */
  ready: { modelId: string; lastStartedAttempt: number }[];
  /** Models that wait: told in the timeline. */
  waiting: { modelId: string; sentence: string }[];
  /** Models that will not be refreshed for now, with the reason: their open requests and cascade items end. */
  settled: { modelId: string; state: Extract<CascadeItemState, 'skipped' | 'failed'>; sentence: string }[];
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
  where i.model_id = m.id and i.state = 'waiting' order by x.id limit 1) c on true
for no key update of m
on conflict (model_id, kind) where status = 'QUEUED' do nothing
returning id, model_id`;

const tellReady = /* sql */ `
update app.cascade_item i set queued_at = clock_timestamp(), why = 'It is ready and waits for a free worker.'
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint)
where i.model_id = e."modelId" and i.state = 'waiting' and i.queued_at is null`;

const tellWaiting = /* sql */ `
update app.cascade_item i set why = e.sentence
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, sentence text)
where i.model_id = e."modelId" and i.state = 'waiting' and i.why <> e.sentence`;

const settleRequests = /* sql */ `
update app.refresh r set status = 'SKIPPED', completed_at = clock_timestamp(), why = e.sentence
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, sentence text)
where r.model_id = e."modelId" and r.kind = 'live' and r.status = 'QUEUED' and r.id = any($2::bigint[])
returning r.id, r.model_id`;

const settleItems = /* sql */ `
update app.cascade_item i set state = e.state, why = e.sentence
from jsonb_to_recordset($1::jsonb) as e("modelId" bigint, state text, sentence text)
where i.model_id = e."modelId" and i.state = 'waiting' and i.cascade_id <= $2`;

const endCascades = /* sql */ `
update app.cascade c set completed_at = clock_timestamp()
where c.project_id = $1 and c.completed_at is null
  and not exists (select from app.cascade_item i where i.cascade_id = c.id and i.state in ('waiting', 'running'))`;

type Touched = { id: string; model_id: string };

/** In a transaction. */
export const recordDispatch = async (sql: Sql, record: DispatchRecord): Promise<void> => {
  const events: NewEvent[] = [];
  const told = (rows: Touched[], name: 'model:refresh:queued' | 'model:refresh:skipped'): void => {
    for (const row of rows) events.push({ name, payload: { modelId: row.model_id, refreshId: row.id } });
  };
  if (record.owedSince.length) await sql.rows(storeOwedSince, [JSON.stringify(record.owedSince)]);
  if (record.ready.length) {
    const ready = [JSON.stringify(record.ready)];
    told(await sql.rows<Touched>(queueReady, ready), 'model:refresh:queued');
    await sql.rows(tellReady, ready);
  }
  if (record.waiting.length) await sql.rows(tellWaiting, [JSON.stringify(record.waiting)]);
  if (record.settled.length) {
    const { refreshIds, lastCascadeId } = record.open;
    const settled = JSON.stringify(record.settled);
    told(await sql.rows<Touched>(settleRequests, [settled, refreshIds]), 'model:refresh:skipped');
    await sql.rows(settleItems, [settled, lastCascadeId]);
  }
  await sql.rows(endCascades, [record.projectId]);
  await emitEvents(sql, record.projectId, events);
};
