/** Sync runs that no live process works on: queued ones, parked ones whose time has come, and those whose lease ran out. */
import type { Sql } from '../sql';
import { isBehind, rankInOrganization } from './run-order';

export interface OpenRun {
  runId: string;
  sourceId: string;
  organizationId: string;
  correlationId: string;
  /** See `rankInOrganization`. */
  rank: number;
}

const query = /* sql */ `
select r.id as "runId", r.source_id as "sourceId", r.organization_id as "organizationId", r.correlation_id as "correlationId",
  ${rankInOrganization('r')} as rank
from app.sync_run r
where ($1::bigint is null or r.source_id = $1) and (
  (r.status = 'queued' and r.queued_at <= clock_timestamp() - make_interval(secs => $2))
  or (r.status = 'waiting' and r.waiting_until <= $3)
  or (r.status = 'running' and r.lease_until < clock_timestamp()))
  and not ${isBehind('r')}
order by rank, r.id limit 500`;

/** Younger ones were just enqueued by whoever asked for them. */
const graceSeconds = 1;

export interface OpenRunsWanted {
  now: Date;
  sourceId?: string;
  atOnce?: boolean;
}

export const findOpenSyncRuns = (
  sql: Sql,
  { now, sourceId, atOnce = false }: OpenRunsWanted,
): Promise<OpenRun[]> =>
  sql.rows<OpenRun & Record<string, unknown>>(query, [sourceId ?? null, atOnce ? 0 : graceSeconds, now]);
