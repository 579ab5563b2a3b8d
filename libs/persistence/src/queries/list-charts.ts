/** The queries of a dashboard's charts, in their order on the page. */
import type { Cell } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface DashboardQueries {
  projectId: string;
  charts: { id: string; sql: string; params: Cell[] }[];
}

const query = /* sql */ `
select d.project_id::text as "projectId",
  (select coalesce(json_agg(json_build_object('id', c.id::text, 'sql', c.sql, 'params', c.params) order by c.position, c.id), '[]')
    from app.chart c where c.dashboard_id = d.id) as charts
from app.dashboard d where d.id = $1 and d.deleted_at is null`;

/** @returns null when there is no such dashboard */
export const listCharts = async (sql: Sql, dashboardId: string): Promise<DashboardQueries | null> =>
  (await sql.rows<DashboardQueries & Record<string, unknown>>(query, [dashboardId]))[0] ?? null;
