/** The figures of a run, for the table and for docs/reliability.md. */
import type { Pool } from 'pg';
import type { Findings } from './findings';
import { loadWork, percentile, recoveries, type Shock } from './recovery';

export interface Figures {
  syncs: Record<string, number>;
  refreshes: Record<string, number>;
  published: number;
  unchanged: number;
  kills: number;
  killsOf: Record<string, number>;
  failpointKills: Record<string, number>;
  stops: Record<string, number>;
  redisLosses: number;
  postgresStops: number;
  dropped: Record<string, number>;
  connectionsReset: number;
  locksHeld: number;
  networkFaults: Record<string, number>;
  reads: number;
  readsDuringFaultsWithoutAnswer: number;
  lostUpdates: number;
  publishedTwice: number;
  /** Milliseconds; see recovery.ts. */
  recovery: { shocks: number; p50: number | null; p95: number | null; max: number | null };
  other: Record<string, number>;
}

const byStatus = async (pool: Pool, table: string): Promise<Record<string, number>> => {
  const { rows } = await pool.query<{ status: string; n: number }>(
    `select status, count(*)::int as n from ${table} group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
};

const total = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

export const figuresOf = async (
  pool: Pool,
  findings: Findings,
  shocks: readonly Shock[],
): Promise<Figures> => {
  const { rows } = await pool.query<{ published: number; unchanged: number }>(
    `select (count(*) filter (where published))::int as published,
            (count(*) filter (where status = 'COMPLETED' and not published))::int as unchanged from app.refresh`,
  );
  const killsOf = findings.countsOf('kills ');
  const failpointKills = findings.countsOf('struck ');
  const times = recoveries(shocks, await loadWork(pool));
  const at = (share: number): number | null => {
    const value = percentile(times, share);
    return value === undefined ? null : Math.round(value);
  };
  return {
    syncs: await byStatus(pool, 'app.sync_run'),
    refreshes: await byStatus(pool, 'app.refresh'),
    published: rows[0]?.published ?? 0,
    unchanged: rows[0]?.unchanged ?? 0,
    kills: total(killsOf) + total(failpointKills),
    killsOf,
    failpointKills,
    stops: findings.countsOf('stops '),
    redisLosses: findings.counted('Redis losses'),
    postgresStops: findings.counted('PostgreSQL stops'),
    dropped: findings.countsOf('dropped '),
    connectionsReset: findings.counted('connections reset'),
    locksHeld: findings.counted('locks held') + findings.counted('rows locked the other way round'),
    networkFaults: findings.countsOf('network '),
    reads: findings.counted('reads'),
    readsDuringFaultsWithoutAnswer: findings.counted('reads without an answer'),
    lostUpdates: findings.list.filter(({ what }) => what.startsWith('Lost update')).length,
    publishedTwice: findings.counted('published twice'),
    recovery: { shocks: times.length, p50: at(0.5), p95: at(0.95), max: at(1) },
    other: findings.countsOf(''),
  };
};
