/** Whose project it is: what is asked of a project is worked out for its whole organization. */
import type { Sql } from '../sql';

const query = `select organization_id::text as "organizationId" from app.project where id = $1`;

/** @returns null when there is no such project any more */
export const findOrganizationOf = async (sql: Sql, projectId: string): Promise<string | null> =>
  (await sql.rows<{ organizationId: string }>(query, [projectId]))[0]?.organizationId ?? null;
