/** What happened in a project after a place in its order. */
import type { ProjectEvent } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

export const listEvents = (
  sql: Sql,
  projectId: string,
  after: number,
  limit: number,
): Promise<ProjectEvent[]> =>
  sql.rows(
    `select name, project_id::text as "projectId", seq::float8 as seq, payload, ${iso('at')} as at
     from app.event where project_id = $1 and seq > $2 order by seq limit $3`,
    [projectId, after, limit],
  );
