/** Ends refreshes whose process died: their lease ran out, so the model can be taken again at once. */
import type { Sql } from '../sql';

const query = /* sql */ `
with dead as (
  update app.refresh set status = 'FAILED', completed_at = clock_timestamp(), lease_until = null,
    error = '{"code": "interrupted", "message": "The process that refreshed it stopped midway.", "action": "Nothing to do: it is refreshed again by itself."}'
  where status = 'RUNNING' and lease_until < clock_timestamp()
  returning id, model_id
), items as (
  update app.cascade_item i set state = 'waiting', why = 'Its refresh was interrupted and begins again.'
  from dead where i.refresh_id = dead.id and i.state = 'running'
)
update app.data_model m set lease_until = null, lease_refresh_id = null
from dead where m.id = dead.model_id and m.lease_refresh_id = dead.id
returning m.id`;

/** @returns the models concerned */
export const buryDeadRefreshes = async (sql: Sql): Promise<string[]> =>
  (await sql.rows<{ id: string }>(query)).map(({ id }) => id);
