/** A connection that its vendor no longer accepts: its owner is asked, and all of its sources show it. */
import type { Sql } from '../sql';
import { emitEvents } from './emit-events';

const mark = /* sql */ `
update app.connection set status = 'needs_reconnect', status_reason = $2, updated_at = clock_timestamp()
where id = $1 and status = 'active'`;

const sources = /* sql */ `
select d.id, d.project_id as "projectId" from app.data_source d join app.connection c on c.id = d.connection_id
where c.id = $1 and c.status = 'needs_reconnect' and d.deleted_at is null order by d.project_id, d.id`;

/** In a transaction. @param reason null where the connection itself may still be good for others */
export const loseConnection = async (
  sql: Sql,
  connectionId: string,
  reason: string | null,
): Promise<void> => {
  if (reason !== null) await sql.rows(mark, [connectionId, reason]);
  const affected = await sql.rows<{ id: string; projectId: string }>(sources, [connectionId]);
  for (const [projectId, ofProject] of Map.groupBy(affected, (source) => source.projectId)) {
    const events = ofProject.map(({ id }) => ({
      name: 'resource:changed' as const,
      payload: { kind: 'source' as const, id, deleted: false },
    }));
    await emitEvents(sql, projectId, events);
  }
};
