/** Which dashboards are open right now, as each gateway process tells (spec CA14); what nobody renews is over at its time. */
import type { Sql } from '../sql';

const find = /* sql */ `
select project_id::text as "projectId" from app.dashboard where id = $1 and deleted_at is null`;

/** The dashboard's project; null when the organization has no such dashboard. */
export const findDashboardProject = async (sql: Sql, dashboardId: string): Promise<string | null> =>
  (await sql.rows<{ projectId: string }>(find, [dashboardId]))[0]?.projectId ?? null;

const renew = /* sql */ `
insert into app.dashboard_watch (dashboard_id, gateway, organization_id, project_id, until)
select d.id, $2, d.organization_id, d.project_id, clock_timestamp() + make_interval(secs => $3)
from app.dashboard d where d.id = any($1::bigint[]) and d.deleted_at is null
order by d.id
on conflict (dashboard_id, gateway) do update set until = excluded.until`;

// Gateways that sweep at the same time don't wait for each other.
const sweep = /* sql */ `
delete from app.dashboard_watch w using (
  select dashboard_id, gateway from app.dashboard_watch where until < clock_timestamp() for update skip locked) gone
where w.dashboard_id = gone.dashboard_id and w.gateway = gone.gateway`;

/** Says, for one gateway process, that these are open for so long from now on. As the system, in one transaction or two statements. */
export const renewWatches = async (
  sql: Sql,
  gateway: string,
  dashboardIds: readonly string[],
  seconds: number,
): Promise<void> => {
  await sql.rows(sweep);
  if (dashboardIds.length) await sql.rows(renew, [dashboardIds, gateway, seconds]);
};

/** Says that these are no longer open there. */
export const endWatches = async (
  sql: Sql,
  gateway: string,
  dashboardIds: readonly string[],
): Promise<void> => {
  await sql.rows(`delete from app.dashboard_watch where gateway = $1 and dashboard_id = any($2::bigint[])`, [
    gateway,
    dashboardIds,
  ]);
};
