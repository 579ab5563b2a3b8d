/** Dashboards with the number of their charts, oldest first. */
import type { DashboardSummary } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

export type DashboardRow = DashboardSummary & { revision: number };

const query = /* sql */ `
select d.id::text, d.project_id::text as "projectId", d.name, d.slug, d.description, ${iso('d.updated_at')} as "updatedAt", d.revision,
  (select count(*) from app.chart c where c.dashboard_id = d.id)::int as "chartCount"
from app.dashboard d
where d.deleted_at is null and ($1::bigint is null or d.project_id = $1) and ($2::bigint is null or d.id = $2)
  and ($3::bigint is null or d.id > $3)
order by d.id limit $4`;

export interface DashboardFilter {
  projectId?: string;
  id?: string;
  after?: string | null;
  limit?: number;
}

export const listDashboards = (
  sql: Sql,
  { projectId, id, after, limit = 1 }: DashboardFilter,
): Promise<DashboardRow[]> =>
  sql.rows<DashboardRow & Record<string, unknown>>(query, [
    projectId ?? null,
    id ?? null,
    after ?? null,
    limit,
  ]);
