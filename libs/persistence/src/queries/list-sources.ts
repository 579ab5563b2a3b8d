/** Sources with what is going on with them right now, oldest first. */
import type {
  Account,
  ConnectionStatus,
  Fault,
  NewStreams,
  Schedule,
  Source,
  SyncRunStatus,
} from '@freshet/contracts';
import { iso, type Sql } from '../sql';

export interface SourceRow {
  id: string;
  projectId: string;
  type: string;
  name: string;
  slug: string;
  config: Record<string, unknown>;
  schedule: Schedule;
  nextRunAt: string | null;
  lastSyncAt: string | null;
  lastError: Fault | null;
  revision: number;
  createdAt: string;
  /** The run that goes on or waits; the running one first. */
  activeRun: { id: string; status: SyncRunStatus; waitingUntil: string | null } | null;
  heldRunId: string | null;
  connection: {
    id: string;
    name: string;
    account: string | null;
    status: ConnectionStatus;
    reason: string | null;
  } | null;
  account: Account | null;
  newStreams: NewStreams;
  archives: boolean;
  firstWindowDays: number | null;
  streams: Source['streams'];
}

const query = /* sql */ `
select d.id::text, d.project_id::text as "projectId", d.type, d.name, d.slug, d.config, d.schedule,
  ${iso('d.next_run_at')} as "nextRunAt", ${iso('d.last_sync_at')} as "lastSyncAt", d.last_error as "lastError", d.revision,
  ${iso('d.created_at')} as "createdAt",
  (select json_build_object('id', r.id::text, 'status', r.status, 'waitingUntil', ${iso('r.waiting_until')})
    from app.sync_run r
    where r.source_id = d.id and r.status in ('queued', 'running', 'waiting')
    order by array_position(array['running', 'waiting', 'queued'], r.status), r.id limit 1) as "activeRun",
  (select r.id::text from app.sync_run r where r.source_id = d.id and r.held order by r.id desc limit 1) as "heldRunId",
  case when c.id is not null then json_build_object('id', c.id::text, 'name', c.name, 'account', c.account, 'status', c.status,
    'reason', c.status_reason) end as connection,
  d.account, d.new_streams as "newStreams", d.archives, d.first_window_days as "firstWindowDays",
  (select coalesce(json_agg(json_build_object('name', s.name, 'enabled', s.enabled, 'mode', s.mode, 'key', s.key,
      'cursor', s.cursor_column, 'lookbackDays', s.lookback_days, 'description', s.description,
      'provisionalDays', s.provisional_days, 'timeZone', s.time_zone, 'noticed', s.noticed, 'held', s.held,
      'warnings', s.warnings) order by s.priority, s.id), '[]')
    from app.stream s where s.source_id = d.id and s.deleted_at is null) as streams
from app.data_source d
left join app.connection c on c.id = d.connection_id
where d.deleted_at is null and ($1::bigint is null or d.project_id = $1) and ($2::bigint is null or d.id = $2)
  and ($3::bigint is null or d.id > $3)
order by d.id limit $4`;

export interface SourceFilter {
  projectId?: string;
  id?: string;
  after?: string | null;
  limit?: number;
}

export const listSources = (
  sql: Sql,
  { projectId, id, after, limit = 1_000 }: SourceFilter,
): Promise<SourceRow[]> =>
  sql.rows<SourceRow & Record<string, unknown>>(query, [projectId ?? null, id ?? null, after ?? null, limit]);
