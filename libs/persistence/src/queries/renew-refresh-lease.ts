/** Keeps a refresh ours and learns whether somebody wants it stopped. */
import type { Sql } from '../sql';
import type { LeaseState } from './renew-sync-lease';

const query = /* sql */ `
with model as (
  update app.data_model set lease_until = clock_timestamp() + make_interval(secs => $3)
  where id = $1 and lease_refresh_id = $2
  returning id
)
update app.refresh r set lease_until = clock_timestamp() + make_interval(secs => $3)
from model where r.id = $2 and r.status = 'RUNNING'
returning r.cancel_requested`;

export const renewRefreshLease = async (
  sql: Sql,
  { modelId, refreshId, leaseSeconds }: { modelId: string; refreshId: string; leaseSeconds: number },
): Promise<LeaseState> => {
  const [row] = await sql.rows<{ cancel_requested: boolean }>(query, [modelId, refreshId, leaseSeconds]);
  if (!row) return 'lost';
  return row.cancel_requested ? 'cancel' : 'ours';
};
