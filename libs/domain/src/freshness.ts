/** How old data may be: `fresh`, `late`, `stale` or `never`, against the rhythm in which it is meant to come (spec FR1). */
import { defaults, type Freshness } from '@freshet/contracts';
import { everyMilliseconds, nextDue, type DueSchedule } from './due-time';

const hour = 3_600_000;
const day = 24 * hour;

/** Ages in milliseconds from which data counts as late and as stale. */
export interface FreshnessObjective {
  lateAfter: number;
  staleAfter: number;
}

/**
 * From the schedule's interval: late after interval + max(25 %, 10 min), stale after twice that; what comes hourly is
 * stale after 2 h. Without a schedule (manual, paused, none) late after 24 h for an API and 7 days for a file.
 */
export function freshnessObjective(
  schedule: DueSchedule | null,
  kind: 'api' | 'file',
  now: number,
  settings: typeof defaults.freshness = defaults.freshness,
): FreshnessObjective {
  const interval = schedule && !schedule.paused ? intervalOf(schedule, now) : null;
  if (interval === null) {
    const lateAfter = settings.withoutSchedule[kind];
    return { lateAfter, staleAfter: settings.staleFactor * lateAfter };
  }
  const lateAfter = interval + Math.max(settings.lateShare * interval, settings.lateLeast);
  return { lateAfter, staleAfter: interval === hour ? 2 * hour : settings.staleFactor * lateAfter };
}

/** Longest regular time between two runs, in milliseconds; null when there is no rhythm. */
function intervalOf(schedule: DueSchedule, now: number): number | null {
  switch (schedule.kind) {
    case 'manual':
      return null;
    case 'interval':
      return everyMilliseconds(schedule);
    case 'hourly':
      return hour;
    case 'daily':
      return day;
    case 'weekly':
      return 7 * day;
    case 'monthly':
      return 31 * day;
    case 'cron':
      return longestGap(schedule, now);
  }
}

/** Of the next 15 runs: enough to see the weekend of a working-day schedule. */
function longestGap(schedule: DueSchedule, now: number): number | null {
  let longest: number | null = null;
  let from = nextDue(schedule, null, now);
  for (let run = 1; from !== null && run < 15; run++) {
    const next = nextDue(schedule, from, from);
    if (next === null) break;
    longest = Math.max(longest ?? 0, next - from);
    from = next;
  }
  return longest;
}

/** `lastGoodAt`: when the data was last known to be right (end of the last completed run); null for never. */
export function freshnessOf(
  lastGoodAt: number | null,
  objective: FreshnessObjective,
  now: number,
): Freshness {
  if (lastGoodAt === null) return 'never';
  const age = now - lastGoodAt;
  if (age >= objective.staleAfter) return 'stale';
  return age >= objective.lateAfter ? 'late' : 'fresh';
}

const fromBestToWorst: readonly Freshness[] = ['fresh', 'late', 'stale', 'never'];

/** A model or a dashboard is as fresh as the worst of what it reads; null when it reads nothing that ages. */
export const worstFreshness = (parts: Iterable<Freshness>): Freshness | null =>
  [...parts].reduce<Freshness | null>(
    (worst, part) =>
      worst === null || fromBestToWorst.indexOf(part) > fromBestToWorst.indexOf(worst) ? part : worst,
    null,
  );
