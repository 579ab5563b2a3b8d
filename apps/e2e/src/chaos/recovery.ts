/**
 * How long work stood still. A shock is a fault that ended work under way: a service that died or stood still, a Redis or
 * a PostgreSQL that was lost. Its recovery ends with the first refresh that began after it and completed, or, should
 * nothing be left to do before that, with the end of the last work there was. A shock without work under way counts not.
 */
import type { Pool } from 'pg';

export interface Shock {
  what: string;
  /** Of `Date.now()`. */
  at: number;
}

interface Work {
  from: number;
  to: number;
  /** Of a refresh that completed: when it began. */
  began: number | null;
}

export const loadWork = async (pool: Pool): Promise<Work[]> => {
  const { rows } = await pool.query<Work>(
    `select extract(epoch from queued_at)::float8 * 1000 as from,
            extract(epoch from coalesce(completed_at, now()))::float8 * 1000 as to,
            case when status = 'COMPLETED' then extract(epoch from started_at)::float8 * 1000 end as began
     from app.refresh
     union all
     select extract(epoch from queued_at)::float8 * 1000, extract(epoch from coalesce(completed_at, now()))::float8 * 1000, null
     from app.sync_run`,
  );
  return rows;
};

/** Milliseconds, one for each shock that found work under way. */
export const recoveries = (shocks: readonly Shock[], work: readonly Work[]): number[] => {
  const byStart = [...work].sort((a, b) => a.from - b.from);
  const refreshes = work.filter(({ began }) => began !== null).sort((a, b) => a.to - b.to);
  return shocks.flatMap(({ at }) => {
    if (!work.some(({ from, to }) => from <= at && to > at)) return [];
    const next = refreshes.find(({ began }) => (began ?? 0) > at)?.to ?? Infinity;
    return [Math.min(next, idleAfter(byStart, at)) - at];
  });
};

/** When everything that was there at a moment, and all that overlaps it, had ended. */
const idleAfter = (byStart: readonly Work[], at: number): number => {
  let end = at;
  for (const { from, to } of byStart) {
    if (from > end) break;
    end = Math.max(end, to);
  }
  return end;
};

/** Nearest rank; undefined without values. */
export const percentile = (values: readonly number[], share: number): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)];
