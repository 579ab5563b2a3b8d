/** Asks for a sync: an equal ask joins the run that is open, a different one waits its turn (spec SY10). */
import type { SyncRequestBody, SyncTrigger } from '@freshet/contracts';
import type { Sql } from '../sql';
import { emitEvents } from './emit-events';
import { rankInOrganization } from './run-order';

export interface SyncRequest {
  sourceId: string;
  trigger: SyncTrigger;
  /** Who asked, for the history; null for the clock. */
  principal: string | null;
  why: string;
  request: SyncRequestBody;
  correlationId: string;
}

export interface RequestedSync {
  runId: string;
  joined: boolean;
  organizationId: string;
  /** See `rankInOrganization`. */
  rank: number;
}

const lockSource = `select organization_id, project_id from app.data_source where id = $1 and deleted_at is null for update`;

const findEqual = /* sql */ `
select id from app.sync_run
where source_id = $1 and status in ('queued', 'running', 'waiting') and not cancel_requested and request = $2::jsonb
order by id limit 1`;

const insert = /* sql */ `
insert into app.sync_run as r (organization_id, project_id, source_id, trigger, principal, why, request, correlation_id)
values ($1, $2, $3, $4, $5, $6, $7, $8) returning id, ${rankInOrganization('r')} as rank`;

/** Must run in a transaction; enqueue `sync.run` after its commit (the scheduler finds a run that was not enqueued). */
export const requestSync = async (sql: Sql, ask: SyncRequest): Promise<RequestedSync | null> => {
  const [source] = await sql.rows<{ organization_id: string; project_id: string }>(lockSource, [
    ask.sourceId,
  ]);
  if (!source) return null;
  const request = JSON.stringify(ask.request);
  const [open] = await sql.rows<{ id: string }>(findEqual, [ask.sourceId, request]);
  const organizationId = source.organization_id;
  if (open) return { runId: open.id, joined: true, organizationId, rank: 0 };
  const [run] = await sql.rows<{ id: string; rank: number }>(insert, [
    organizationId, source.project_id, ask.sourceId, ask.trigger, ask.principal, ask.why, request, ask.correlationId,
  ]); // prettier-ignore
  const runId = run?.id ?? '';
  await emitEvents(sql, source.project_id, [
    { name: 'sync:queued', payload: { sourceId: ask.sourceId, runId } },
  ]);
  return { runId, joined: false, organizationId, rank: run?.rank ?? 0 };
};
