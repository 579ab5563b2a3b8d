/** Which login may touch which table: the one place to look at when a table is added. */

/** Tables whose rows belong to an organization; each has `organization_id` (the organization itself: `id`). */
export const tenantTables = [
  'organization',
  'project',
  'membership',
  'api_key',
  'data_source',
  'stream',
  'retired_table',
  'sync_run',
  'sync_run_stream',
  'sync_reject',
  'data_model',
  'model_input',
  'model_version',
  'refresh',
  'cascade',
  'cascade_item',
  'dashboard',
  'chart',
  'chart_input',
  'event',
  'audit_entry',
  'dashboard_watch',
  'model_publication',
  'connection',
  'oauth_attempt',
  'raw_page',
  'hook_delivery',
] as const;

export type TenantTable = (typeof tenantTables)[number];

/** The services that span organizations (dispatch, schedules, sweeps) have no business with people and keys. */
const closedToSystem: readonly TenantTable[] = ['membership', 'api_key', 'oauth_attempt'];

export const systemTables = tenantTables.filter((table) => !closedToSystem.includes(table));
