/** Runs, refreshes and cascades are in states that belong together with their times, and none is left behind in an open one. */
import type { Sql } from '@freshet/persistence';
import { capital, epoch, pending, violated, type Finding, type Invariant } from '../invariant';

/** What every record of work has. */
interface Work {
  id: string;
  of: string;
  status: string;
  queuedAt: number;
  startedAt: number | null;
  completedAt: number | null;
  leaseUntil: number | null;
  hasError: boolean;
}

export interface RefreshRow extends Work {
  hasVector: boolean;
  published: boolean;
  version: number | null;
  /** The model's lease is this refresh's. */
  leased: boolean;
}

export interface ItemRow {
  cascadeId: string;
  modelId: string;
  state: string;
  refreshId: string | null;
  refreshStatus: string | null;
}

const work = (
  row: string,
): string => /* sql */ `${row}.id, ${row}.status, ${epoch(`${row}.queued_at`)} as "queuedAt",
  ${epoch(`${row}.started_at`)} as "startedAt", ${epoch(`${row}.completed_at`)} as "completedAt",
  ${epoch(`${row}.lease_until`)} as "leaseUntil", ${row}.error is not null as "hasError"`;

const refreshes = /* sql */ `
select ${work('r')}, 'refresh ' || r.id || ' of model ' || m.id || ' (' || m.name || ')' as of, r.vector is not null as "hasVector",
  r.published, r.version, coalesce(m.lease_refresh_id = r.id, false) as leased
from app.refresh r join app.data_model m on m.id = r.model_id
where r.project_id = $1 and coalesce(r.completed_at, 'infinity') >= to_timestamp($2::float8 / 1000)`;

const syncRuns = /* sql */ `
select ${work('r')}, 'sync run ' || r.id || ' of source ' || d.id || ' (' || d.slug || ')' as of
from app.sync_run r join app.data_source d on d.id = r.source_id
where r.project_id = $1 and coalesce(r.completed_at, 'infinity') >= to_timestamp($2::float8 / 1000)`;

const items = /* sql */ `
select i.cascade_id as "cascadeId", i.model_id as "modelId", i.state, i.refresh_id as "refreshId", r.status as "refreshStatus"
from app.cascade_item i join app.cascade c on c.id = i.cascade_id left join app.refresh r on r.id = i.refresh_id
where c.project_id = $1 and c.started_at >= to_timestamp($2::float8 / 1000)`;

const cascades = /* sql */ `
select c.id, c.completed_at is not null as ended,
  (select count(*)::int from app.cascade_item i where i.cascade_id = c.id and i.state in ('waiting', 'running', 'built')) as open
from app.cascade c where c.project_id = $1 and c.started_at >= to_timestamp($2::float8 / 1000)`;

const strayLeases = /* sql */ `
select m.id as "modelId", m.name as model, m.lease_refresh_id as "refreshId", r.status
from app.data_model m left join app.refresh r on r.id = m.lease_refresh_id
where m.project_id = $1 and m.lease_refresh_id is not null and (r.status is distinct from 'RUNNING' or r.model_id <> m.id)`;

const ended = new Set([
  'COMPLETED',
  'FAILED',
  'SKIPPED',
  'CANCELLED',
  'completed',
  'failed',
  'skipped',
  'cancelled',
]);
const running = new Set(['RUNNING', 'running']);
/** Milliseconds after its lease by when the scheduler has surely ended or handed on a dead process's work. */
const buriedAfter = 30_000;

interface Rule<T> {
  broken(row: T): boolean;
  says: string;
}

/** Clauses that follow "refresh 7 of model 3 (daily) ". */
const rules: readonly Rule<Work>[] = [
  { broken: ({ status, completedAt }) => ended.has(status) && completedAt === null, says: 'has ended, but at no time' },
  { broken: ({ status, completedAt }) => !ended.has(status) && completedAt !== null, says: 'has an end time, but not ended' },
  { broken: ({ status, startedAt }) => running.has(status) && startedAt === null, says: 'runs, but never began' },
  { broken: ({ status, leaseUntil }) => running.has(status) && leaseUntil === null, says: 'runs without a lease' },
  { broken: ({ status, leaseUntil }) => !running.has(status) && leaseUntil !== null, says: 'does not run, but holds a lease' },
  { broken: ({ startedAt, queuedAt }) => startedAt !== null && startedAt < queuedAt, says: 'began before it was queued' },
  { broken: ({ startedAt, completedAt }) => startedAt !== null && completedAt !== null && completedAt < startedAt, says: 'ended before it began' },
  { broken: ({ status, hasError }) => status.toUpperCase() === 'FAILED' && !hasError, says: 'failed, and nothing says why' },
]; // prettier-ignore

const refreshRules: readonly Rule<RefreshRow>[] = [
  { broken: ({ status, startedAt }) => status === 'QUEUED' && startedAt !== null, says: 'waits, but has begun' },
  { broken: ({ status, startedAt, hasVector }) => status === 'COMPLETED' && (startedAt === null || !hasVector), says: 'is completed, but was never built' },
  { broken: ({ status, published }) => published && status !== 'COMPLETED', says: 'published something without being completed' },
  { broken: ({ published, version }) => published && version === null, says: 'published no version in particular' },
  { broken: ({ status, version }) => status === 'RUNNING' && version === null, says: 'runs without the number of an attempt' },
  { broken: ({ status, leased }) => status === 'RUNNING' && !leased, says: 'runs, but its model’s lease is another’s' },
]; // prettier-ignore

const broken = <T extends Work>(rows: readonly T[], of: readonly Rule<T>[]): Finding[] =>
  rows.flatMap((row) =>
    of
      .filter((rule) => rule.broken(row))
      .map(({ says }) =>
        violated(`${capital(row.of)} ${says} (status ${row.status}). Look at who wrote the row.`),
      ),
  );

/** What is still open. A lease that ran out is the sign of a dead process, whose work the scheduler ends or hands on. */
export const findOpen = (rows: readonly Work[], now: number): Finding[] =>
  rows.flatMap((row) => {
    if (ended.has(row.status)) return [];
    const overdue = now - (row.leaseUntil ?? now);
    if (overdue <= buriedAfter) return [pending(`${capital(row.of)} is ${row.status.toLowerCase()}.`)];
    return [
      violated(
        `${capital(row.of)} is still ${row.status.toLowerCase()}, though its lease ran out ${Math.round(overdue / 1_000)} s ago. ` +
          'Look at whether the scheduler runs: it ends or hands on what a dead process left.',
      ),
    ];
  });

export const findStuckItems = (rows: readonly ItemRow[]): Finding[] =>
  rows.flatMap(({ cascadeId, modelId, state, refreshId, refreshStatus }) => {
    const item = `Model ${modelId} in cascade ${cascadeId} is ${state}`;
    const refresh = refreshId === null ? 'no refresh' : `refresh ${refreshId} (${refreshStatus ?? 'gone'})`;
    const told = (): Finding[] => [
      violated(
        `${item}, but it belongs to ${refresh}. Look at the timeline of the cascade and at who ended that refresh.`,
      ),
    ];
    if (state === 'running' && refreshStatus !== 'RUNNING') return told();
    if (['published', 'unchanged', 'built'].includes(state) && refreshStatus !== 'COMPLETED') return told();
    return [];
  });

const findUnendedCascades = (rows: readonly { id: string; ended: boolean; open: number }[]): Finding[] =>
  rows.flatMap(({ id, ended: isEnded, open }) => {
    if (isEnded && open > 0)
      return [
        violated(`Cascade ${id} has ended with ${open} of its models still open. Look at its timeline.`),
      ];
    if (isEnded) return [];
    return [
      pending(
        open
          ? `Cascade ${id} has ${open} models to go.`
          : `Cascade ${id} is over, which the next dispatch notes down.`,
      ),
    ];
  });

const findStrayLeases = async (sql: Sql, projectId: string): Promise<Finding[]> =>
  (
    await sql.rows<{ modelId: string; model: string; refreshId: string; status: string | null }>(
      strayLeases,
      [projectId],
    )
  ).map(({ modelId, model, refreshId, status }) =>
    violated(
      `Model ${modelId} (${model}) is leased to refresh ${refreshId}, which is ${status ?? 'gone'}. ` +
        'It is taken again when the lease runs out; look at who ended that refresh.',
    ),
  );

export const lifecycles: Invariant = {
  name: 'lifecycles',
  says: 'Runs, refreshes and cascades are in legal states with times that fit, and none is left open.',
  scope: 'project',
  check: async ({ sql, projectId, since, now }) => {
    const ofRefreshes = await sql.rows<RefreshRow & Record<string, unknown>>(refreshes, [projectId, since]);
    const ofSyncs = await sql.rows<Work & Record<string, unknown>>(syncRuns, [projectId, since]);
    const ofItems = await sql.rows<ItemRow & Record<string, unknown>>(items, [projectId, since]);
    const ofCascades = await sql.rows<{ id: string; ended: boolean; open: number }>(cascades, [
      projectId,
      since,
    ]);
    return {
      checked: ofRefreshes.length + ofSyncs.length + ofItems.length + ofCascades.length,
      findings: [
        ...broken(ofRefreshes, rules),
        ...broken(ofRefreshes, refreshRules),
        ...broken(ofSyncs, rules),
        ...findOpen([...ofRefreshes, ...ofSyncs], now),
        ...findStuckItems(ofItems),
        ...findUnendedCascades(ofCascades),
        ...(await findStrayLeases(sql, projectId)),
      ],
    };
  },
};
