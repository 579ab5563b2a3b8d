/** Stores events in their project's order and wakes the gateways; must be the last statement of its transaction. */
import { channels, type SocketEventName, type SocketEventPayload } from '@freshet/contracts';
import type { Sql } from '../sql';

export type NewEvent = {
  [N in SocketEventName]: { name: N; payload: SocketEventPayload<N> };
}[SocketEventName];

// The project's row lock, held to the commit, makes the order of seq the order of commits.
const query = /* sql */ `
with bumped as (
  update app.project set seq = seq + $2 where id = $1 returning seq, organization_id
), stored as (
  insert into app.event (project_id, seq, organization_id, name, payload)
  select $1, b.seq - $2 + e.place, b.organization_id, e.value ->> 'name', e.value -> 'payload'
  from bumped b, jsonb_array_elements($3::jsonb) with ordinality e(value, place)
  returning seq
)
select pg_notify('${channels.events}', json_build_object('projectId', ($1::bigint)::text, 'seq', max(seq))::text) from stored`;

export const emitEvents = async (sql: Sql, projectId: string, events: readonly NewEvent[]): Promise<void> => {
  if (events.length) await sql.rows(query, [projectId, events.length, JSON.stringify(events)]);
};

/** Progress is not stored: a newer one replaces it, and whoever connects midway reads it from the run. */
export const notifyProgress = async (
  sql: Sql,
  projectId: string,
  payload: SocketEventPayload<'sync:progress'>,
): Promise<void> => {
  const event = { name: 'sync:progress', projectId, seq: null, payload, at: new Date().toISOString() };
  await sql.rows(`select pg_notify('${channels.progress}', $1)`, [JSON.stringify(event)]);
};

/** Has the project's owed models worked out anew once this transaction is committed. */
export const askDispatch = async (sql: Sql, projectId: string): Promise<void> => {
  await sql.rows(`select pg_notify('${channels.dispatch}', $1)`, [projectId]);
};
