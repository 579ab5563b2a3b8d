/** Keeps a sync run ours, stores how far it is, and learns whether somebody wants it stopped. */
import type { Sql } from '../sql';

export interface SyncHeartbeat {
  runId: string;
  /** The claim's attempt: a run that was taken over has a higher one, and this process must let go. */
  attempt: number;
  progress: number | null;
  rowsRead: number;
  stream: string | null;
  leaseSeconds: number;
}

const query = /* sql */ `
with run as (
  update app.sync_run
  set lease_until = clock_timestamp() + make_interval(secs => $3), progress = $4, rows_read = $5, current_stream = $6
  where id = $1 and attempt = $2 and status = 'running'
  returning source_id, cancel_requested
), source as (
  update app.data_source d set syncing_until = clock_timestamp() + make_interval(secs => $3)
  from run where d.id = run.source_id
)
select cancel_requested from run`;

export type LeaseState = 'ours' | 'cancel' | 'lost';

export const renewSyncLease = async (sql: Sql, beat: SyncHeartbeat): Promise<LeaseState> => {
  const [row] = await sql.rows<{ cancel_requested: boolean }>(query, [
    beat.runId, beat.attempt, beat.leaseSeconds, beat.progress, beat.rowsRead, beat.stream,
  ]); // prettier-ignore
  if (!row) return 'lost';
  return row.cancel_requested ? 'cancel' : 'ours';
};
