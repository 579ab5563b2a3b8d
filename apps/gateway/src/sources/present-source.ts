/** Sources and sync runs as the API shows them. */
import { noRecords, type Records, type Source, type SourceStatus, type SyncRun } from '@freshet/contracts';
import { freshnessObjective, freshnessOf, type FreshnessObjective } from '@freshet/domain';
import type { SourceRow, SyncRunRow } from '@freshet/persistence';

/** What a person should know first about a source: what goes on, else what is wrong, else nothing. */
export function sourceStatus({
  activeRun,
  connection,
  lastError,
  schedule,
}: Pick<SourceRow, 'activeRun' | 'connection' | 'lastError' | 'schedule'>): SourceStatus {
  if (activeRun) return activeRun.status === 'waiting' ? 'waiting' : 'running';
  if (connection?.status === 'needs_reconnect' || lastError?.code === 'source_unauthorized')
    return 'needs_reconnect';
  if (lastError) return 'failed';
  return schedule.paused && schedule.kind !== 'manual' ? 'paused' : 'idle';
}

function statusReason(row: SourceRow): string | null {
  const { activeRun, lastError } = row;
  if (activeRun?.status === 'waiting')
    return `Its source is out of quota; it goes on at ${activeRun.waitingUntil}.`;
  if (activeRun?.status === 'queued') return 'Its sync waits for a free worker.';
  if (activeRun) return null;
  if (row.connection?.status === 'needs_reconnect')
    return row.connection.reason ?? 'Its connection has to be renewed.';
  if (lastError) return lastError.message;
  return sourceStatus(row) === 'paused' ? 'Its schedule is paused.' : null;
}

export const objectiveOf = (
  { type, schedule }: Pick<SourceRow, 'type' | 'schedule'>,
  now: Date,
): FreshnessObjective => freshnessObjective(schedule, type === 'file' ? 'file' : 'api', now.getTime());

const millis = (time: string | null): number | null => (time === null ? null : Date.parse(time));

export function presentSource(row: SourceRow, now: Date): Source {
  return {
    id: row.id,
    projectId: row.projectId,
    type: row.type,
    name: row.name,
    slug: row.slug,
    config: row.config,
    status: sourceStatus(row),
    statusReason: statusReason(row),
    lastSyncAt: row.lastSyncAt,
    freshness: freshnessOf(millis(row.lastSyncAt), objectiveOf(row, now), now.getTime()),
    schedule: row.schedule,
    nextRunAt: row.nextRunAt,
    activeRunId: row.activeRun?.id ?? null,
    heldRunId: row.heldRunId,
    connection: row.connection && {
      id: row.connection.id,
      name: row.connection.name,
      account: row.connection.account,
      status: row.connection.status,
    },
    account: row.account,
    newStreams: row.newStreams,
    archives: row.archives,
    firstWindowDays: row.firstWindowDays,
    streams: row.streams,
    createdAt: row.createdAt,
    revision: row.revision,
  };
}

export function presentRun({ streams, durationMs, ...row }: SyncRunRow): SyncRun {
  return {
    ...row,
    durationMs: durationMs === null ? null : Math.round(durationMs),
    records: streams.map(({ records }) => records).reduce(sumOfRecords, noRecords),
    streams,
  };
}

const sumOfRecords = (a: Records, b: Records): Records => ({
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  unchanged: a.unchanged + b.unchanged,
  deleted: a.deleted + b.deleted,
  rejected: a.rejected + b.rejected,
});
