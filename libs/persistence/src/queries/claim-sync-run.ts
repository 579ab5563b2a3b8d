/** Takes a sync run for this process: with a lease, so that a killed process holds nobody up for long. */
import type { LoadMode, SyncRequestBody } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface ClaimedRun {
  id: string;
  organizationId: string;
  projectId: string;
  sourceId: string;
  correlationId: string;
  request: SyncRequestBody;
  attempt: number;
  source: {
    type: string;
    name: string;
    slug: string;
    config: Record<string, unknown>;
    credentials: Buffer | null;
  };
  streams: ClaimedStream[];
}

export interface ClaimedStream {
  id: string;
  name: string;
  mode: LoadMode;
  key: string[];
  columns: { name: string; type: string }[];
  generation: number;
  revision: number;
  checkpoint: Record<string, unknown> | null;
}

// A run under a live lease is somebody else's; the unique index on active runs decides between two claims at once.
const claim = /* sql */ `
update app.sync_run r
set status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, clock_timestamp()),
    lease_until = clock_timestamp() + make_interval(secs => $2), waiting_until = null
where r.id = $1
  and (r.status in ('queued', 'waiting') or (r.status = 'running' and r.lease_until < clock_timestamp()))
  and not exists (
    select from app.sync_run other
    where other.source_id = r.source_id and other.id <> r.id and other.status in ('running', 'waiting'))
returning r.id, r.organization_id, r.project_id, r.source_id, r.correlation_id, r.request, r.attempt`;

const leaseSource = /* sql */ `
update app.data_source set syncing_until = clock_timestamp() + make_interval(secs => $2)
where id = $1 and deleted_at is null
returning type, name, slug, config, credentials`;

const streams = /* sql */ `
select id, name, mode, key, columns, generation, revision::float8 as revision, checkpoint
from app.stream where source_id = $1 and enabled and deleted_at is null order by id`;

/** @returns null when the run has ended, is another's, or must wait for the source's running one */
export const claimSyncRun = async (
  sql: Sql,
  runId: string,
  leaseSeconds: number,
): Promise<ClaimedRun | null> => {
  const [run] = await sql.rows<ClaimRow>(claim, [runId, leaseSeconds]);
  if (!run) return null;
  const [source] = await sql.rows<ClaimedRun['source']>(leaseSource, [run.source_id, leaseSeconds]);
  if (!source) return null;
  return {
    id: run.id,
    organizationId: run.organization_id,
    projectId: run.project_id,
    sourceId: run.source_id,
    correlationId: run.correlation_id,
    request: run.request,
    attempt: run.attempt,
    source,
    streams: await sql.rows<ClaimedStream>(streams, [run.source_id]),
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
  [column: string]: unknown;
}
