/** Takes a sync run for this process: with a lease, so that a killed process holds nobody up for long. */
import type { Account, NewStreams, SyncRequestBody } from '@freshet/contracts';
import type { Sql } from '../sql';
import { isBehind } from './run-order';

export interface ClaimedRun {
  id: string;
  organizationId: string;
  projectId: string;
  sourceId: string;
  correlationId: string;
  request: SyncRequestBody;
  attempt: number;
  /** When somebody or a schedule asked for it. */
  queuedAt: Date;
  source: ClaimedSource;
}

export interface ClaimedSource {
  type: string;
  name: string;
  slug: string;
  config: Record<string, unknown>;
  credentials: Buffer | null;
  connectionId: string | null;
  /** Whose consent or keys these are; null without a connection. */
  connectionProvider: string | null;
  newStreams: NewStreams;
  archives: boolean;
  firstWindowDays: number | null;
  /** As of the last run. */
  account: Account | null;
}

// A run under a live lease is somebody else's; the unique index on active runs decides between two claims at once.
const claim = /* sql */ `
update app.sync_run r
set status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, clock_timestamp()),
    lease_until = clock_timestamp() + make_interval(secs => $2), waiting_until = null
where r.id = $1
  and (r.status = 'queued' or (r.status = 'waiting' and r.waiting_until <= $3)
    or (r.status = 'running' and r.lease_until < clock_timestamp()))
  and not ${isBehind('r')}
returning r.id, r.organization_id, r.project_id, r.source_id, r.correlation_id, r.request, r.attempt,
  (extract(epoch from r.queued_at) * 1000)::float8 as queued_at`;

const leaseSource = /* sql */ `
update app.data_source set syncing_until = clock_timestamp() + make_interval(secs => $2)
where id = $1 and deleted_at is null
returning type, name, slug, config, credentials, connection_id as "connectionId",
  (select c.provider from app.connection c where c.id = connection_id) as "connectionProvider", new_streams as "newStreams", archives,
  first_window_days as "firstWindowDays", account`;

/** @returns null when the run has ended, is another's, is parked, or must wait for another run of the source */
export const claimSyncRun = async (
  sql: Sql,
  runId: string,
  { leaseSeconds, now }: { leaseSeconds: number; now: Date },
): Promise<ClaimedRun | null> => {
  const [run] = await sql.rows<ClaimRow>(claim, [runId, leaseSeconds, now]);
  if (!run) return null;
  const [source] = await sql.rows<ClaimedSource & Record<string, unknown>>(leaseSource, [
    run.source_id,
    leaseSeconds,
  ]);
  if (!source) return null;
  return {
    id: run.id,
    organizationId: run.organization_id,
    projectId: run.project_id,
    sourceId: run.source_id,
    correlationId: run.correlation_id,
    request: run.request,
    attempt: run.attempt,
    queuedAt: new Date(run.queued_at),
    source,
  };
};

interface ClaimRow {
  id: string;
  organization_id: string;
  project_id: string;
  source_id: string;
  correlation_id: string;
  request: SyncRequestBody;
  attempt: number;
  queued_at: number;
  [column: string]: unknown;
}
