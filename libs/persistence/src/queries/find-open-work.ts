/** What of an organization is open before the dispatcher looks: only that much may it settle, not what comes while it thinks. */
import type { Sql } from '../sql';

export interface OpenWork {
  /** Refreshes that wait. */
  refreshIds: string[];
  /** The newest cascade; 0 when there is none. */
  lastCascadeId: string;
}

const query = /* sql */ `
select
  (select coalesce(array_agg(r.id::text), '{}') from app.refresh r where r.organization_id = $1 and r.status = 'QUEUED') as "refreshIds",
  (select coalesce(max(c.id), 0)::text from app.cascade c where c.organization_id = $1) as "lastCascadeId"`;

export const findOpenWork = async (sql: Sql, organizationId: string): Promise<OpenWork> => {
  const [row] = await sql.rows<OpenWork & Record<string, unknown>>(query, [organizationId]);
  return row ?? { refreshIds: [], lastCascadeId: '0' };
};
