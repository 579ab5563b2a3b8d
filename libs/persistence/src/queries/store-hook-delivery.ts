/** Keeps what a vendor sent by itself until a run has loaded it, and asks for that run. */
import type { Column } from '@freshet/contracts';
import type { Sql } from '../sql';
import { rankInOrganization } from './run-order';

export interface HookDelivery {
  sourceId: string;
  stream: string;
  columns: readonly Column[];
  rows: readonly unknown[];
}

const store = /* sql */ `
insert into app.hook_delivery (organization_id, source_id, stream, columns, rows)
select organization_id, id, $2, $3, $4 from app.data_source where id = $1`;

/** A run that waits takes everything that is there when it begins; one that runs may have looked already. */
const waiting = /* sql */ `
select id::text from app.sync_run where source_id = $1 and status = 'queued' and trigger = 'webhook' limit 1`;

const ask = /* sql */ `
insert into app.sync_run as r (organization_id, project_id, source_id, trigger, why, request, correlation_id)
select organization_id, project_id, id, 'webhook', 'The source sent news.', '{"hooks": true}', $2 from app.data_source where id = $1
returning id::text, ${rankInOrganization('r')} as rank`;

/** In a transaction. @returns the run to wake, or null when one waits already */
export const storeHookDelivery = async (
  sql: Sql,
  delivery: HookDelivery,
  correlationId: string,
): Promise<{ runId: string; rank: number } | null> => {
  const { sourceId, stream, columns, rows } = delivery;
  await sql.rows('select 1 from app.data_source where id = $1 for update', [sourceId]);
  await sql.rows(store, [sourceId, stream, JSON.stringify(columns), JSON.stringify(rows)]);
  const [open] = await sql.rows(waiting, [sourceId]);
  if (open) return null;
  const [run] = await sql.rows<{ id: string; rank: number }>(ask, [sourceId, correlationId]);
  return run ? { runId: run.id, rank: run.rank } : null;
};
