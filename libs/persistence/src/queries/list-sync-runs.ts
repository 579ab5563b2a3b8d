/** Sync runs with what each stream brought, newest first. */
import type { Fault, SyncRequestBody, SyncRun, SyncRunStatus, SyncTrigger } from '@freshet/contracts';
import { iso, type Sql } from '../sql';

export interface SyncRunRow {
  id: string;
  sourceId: string;
  status: SyncRunStatus;
  held: boolean;
  trigger: SyncTrigger;
  why: string;
  progress: number | null;
  rowsRead: number;
  queuedAt: string;
  startedAt: string | null;
  completedAt: string | null;
  waitingUntil: string | null;
  error: Fault | null;
  cascadeId: string | null;
  /** Milliseconds from start to end, or to now. */
  durationMs: number | null;
  request: SyncRequestBody;
  streams: SyncRun['streams'];
}

const counts = ['inserted', 'updated', 'unchanged', 'deleted', 'rejected']
  .map((name) => `'${name}', x.${name}`)
  .join(', ');

const query = /* sql */ `
select r.id::text, r.source_id::text as "sourceId", r.status, r.held, r.trigger, r.why, r.progress,
  r.request, r.rows_read::float8 as "rowsRead", ${iso('r.queued_at')} as "queuedAt", ${iso('r.started_at')} as "startedAt",
  ${iso('r.completed_at')} as "completedAt", ${iso('r.waiting_until')} as "waitingUntil", r.error,
  r.cascade_id::text as "cascadeId",
  (extract(epoch from coalesce(r.completed_at, clock_timestamp()) - r.started_at) * 1000)::float8 as "durationMs",
  (select coalesce(json_agg(json_build_object('name', s.name, 'status', x.status, 'fromRevision', x.from_revision,
      'toRevision', x.to_revision, 'received', x.received, 'slices', x.slices, 'heldWhy', x.held_why, 'warnings', x.warnings,
      'records', json_build_object(${counts})) order by s.id), '[]')
    from app.sync_run_stream x join app.stream s on s.id = x.stream_id where x.run_id = r.id) as streams
from app.sync_run r
where ($1::bigint is null or r.source_id = $1) and ($2::bigint is null or r.id = $2) and ($3::bigint is null or r.id < $3)
order by r.id desc limit $4`;

export interface SyncRunFilter {
  sourceId?: string;
  id?: string;
  /** Only runs older than this one. */
  after?: string | null;
  limit?: number;
}

export const listSyncRuns = (
  sql: Sql,
  { sourceId, id, after, limit = 1 }: SyncRunFilter,
): Promise<SyncRunRow[]> =>
  sql.rows<SyncRunRow & Record<string, unknown>>(query, [sourceId ?? null, id ?? null, after ?? null, limit]);
