/** Measures what a sync takes: time, rows, the share of the database in it, memory of the process, and WAL. */
import { readFileSync } from 'node:fs';
import { waitFor } from '@freshet/testing';
import { projectSchema, streamTable } from '@freshet/warehouse';
import type { Installation } from '../../connectors/installation';
import type { Trial } from '../../connectors/trial';
import { TriedSource } from '../../connectors/tried-source';

export interface SyncMeasured {
  /** Rows that the vendor gave. */
  rows: number;
  /** Of the run. */
  seconds: number;
  /** Share of the time in which a transaction was open at the database: locks, COPY, MERGE, commit. */
  loading: number;
  /** The most memory that the process had at once (VmHWM), megabytes. */
  megabytes: number;
  /** Bytes of WAL, with those of the run's own records. */
  wal: number;
}

interface Counters {
  wal: number;
  /** Milliseconds. */
  busy: number;
}

// Both are exact counts by the database; those of a session are there once it has ended.
const counters = /* sql */ `
select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as wal,
  (select active_time + idle_in_transaction_time from pg_stat_database where datname = current_database()) as busy`;

const lastRun = /* sql */ `
select extract(epoch from completed_at - started_at)::float8 as seconds, status, error ->> 'message' as why,
  (select coalesce(sum(received), 0)::float8 from app.sync_run_stream where run_id = r.id) as rows
from app.sync_run r where source_id = $1 order by id desc limit 1`;

const peak = (pid: number | undefined): number =>
  Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

const count = async ({ pool }: Installation): Promise<Counters> => {
  const { rows } = await pool.query<Counters>(counters);
  return rows[0] ?? { wal: NaN, busy: NaN };
};

const written = /* sql */ `
select s.project_id::text as project, s.id::text, s.generation from app.stream s
where s.source_id = $1 and s.row_count > 0`;

const vacuums = `select vacuum_count::int as count from pg_stat_user_tables where schemaname = $1 and relname = $2`;

/** A first sync is followed by a vacuum of what it wrote, which belongs to it. */
const untilVacuumed = async ({ pool }: Installation, sourceId: string): Promise<void> => {
  const { rows } = await pool.query<{ project: string; id: string; generation: number }>(written, [sourceId]);
  for (const { project, id, generation } of rows) {
    const table = [projectSchema(project), streamTable(id, generation)];
    const isVacuumed = async (): Promise<boolean> =>
      ((await pool.query<{ count: number }>(vacuums, table)).rows[0]?.count ?? 0) > 0;
    await waitFor(isVacuumed, { timeout: 60_000, interval: 50, what: 'the vacuum after the first sync' });
  }
};

/** A sync by a process that has done nothing else. @param begin asks for it */
const measure = async (
  at: Installation,
  begin: () => Promise<TriedSource>,
): Promise<{ source: TriedSource; measured: SyncMeasured }> => {
  await at.sync.restart();
  await at.pool.query('checkpoint');
  const before = await count(at);
  const source = await begin();
  await source.untilWhole(() => undefined);
  await untilVacuumed(at, source.id);
  const { wal } = await count(at);
  const megabytes = peak(at.sync.pid);
  await at.sync.stop();
  const { busy } = await count(at);
  const { rows } = await at.pool.query<{ rows: number; seconds: number }>(lastRun, [source.id]);
  const [run] = rows;
  if (!run) throw new Error('The run is gone.');
  const loading = (busy - before.busy) / 1_000 / run.seconds;
  return { source, measured: { ...run, loading, megabytes, wal: wal - before.wal } };
};

export interface TrialMeasured {
  type: string;
  first: SyncMeasured;
  /** Everything is read anew, and nothing has changed. */
  again: SyncMeasured;
}

export const measureTrial = async (at: Installation, trial: Trial, days: number): Promise<TrialMeasured> => {
  const { source, measured: first } = await measure(at, () => TriedSource.add(at, trial, days));
  const { measured: again } = await measure(at, async () => {
    await source.ask({ full: true });
    return source;
  });
  await at.sync.restart();
  return { type: trial.type, first, again };
};
