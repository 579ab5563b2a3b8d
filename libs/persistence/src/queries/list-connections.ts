/** Connections with the sources that use them, oldest first; never their secrets. */
import type { Connection } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

const query = /* sql */ `
select c.id::text, c.provider, c.name, c.account, c.scopes, c.status, c.status_reason as "statusReason",
  c.created_by as "createdBy", ${iso('c.created_at')} as "createdAt", c.revision,
  (select coalesce(json_agg(json_build_object('id', d.id::text, 'projectId', d.project_id::text, 'name', d.name) order by d.id), '[]')
    from app.data_source d where d.connection_id = c.id and d.deleted_at is null) as sources
from app.connection c
where c.deleted_at is null and ($1::text is null or c.provider = $1) and ($2::bigint is null or c.id = $2)
order by c.id limit 1000`;

export const listConnections = (
  sql: Sql,
  { provider, id }: { provider?: string | undefined; id?: string },
): Promise<Connection[]> =>
  sql.rows<Connection & Record<string, unknown>>(query, [provider ?? null, id ?? null]);
