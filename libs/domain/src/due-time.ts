/** When a schedule is due next; pure, so that two schedulers, a restart or a changed clock come to the same answer. */
import { FreshetError, type Schedule } from '@freshet/contracts';
import { Cron } from 'croner';
import { DateTime } from 'luxon';

const minute = 60_000;

/** A schedule as far as due times need it; what `kind` doesn't use is ignored. */
export type DueSchedule = Pick<
  Schedule,
  'kind' | 'every' | 'at' | 'weekday' | 'day' | 'cron' | 'timeZone' | 'paused'
>;

/**
 * The first due time after `now`, in epoch milliseconds; null for a manual or paused schedule, or a cron expression
 * without a next time.
 *
 * Store it when the run that was due is started: times missed while nothing ran were then made up for by that one run.
 * `previousDue` is the due time just taken (null: none yet). An interval keeps to its grid, so that it doesn't drift by
 * the time that starting took; the other kinds follow the clock of their time zone. In the night when clocks change,
 * a time that doesn't exist is run right after the gap, and one that comes twice is run once.
 */
export function nextDue(schedule: DueSchedule, previousDue: number | null, now: number): number | null {
  if (schedule.paused) return null;
  const { hour, minute: past } = timeOfDay(schedule.at);
  switch (schedule.kind) {
    case 'manual':
      return null;
    case 'interval':
      return nextOnGrid(everyMilliseconds(schedule), previousDue, now);
    case 'hourly':
      return nextByCron(`${past} * * * *`, schedule.timeZone, now);
    case 'daily':
      return nextByCron(`${past} ${hour} * * *`, schedule.timeZone, now);
    case 'weekly':
      return nextByCron(`${past} ${hour} * * ${schedule.weekday ?? 1}`, schedule.timeZone, now);
    case 'monthly':
      return nextInMonth(schedule.day ?? 1, hour, past, schedule.timeZone, now);
    case 'cron':
      return nextByCron(schedule.cron ?? '', schedule.timeZone, now);
  }
}

/** Whether a stored due time has come. */
export const isDue = (nextRunAt: number | null, now: number): boolean =>
  nextRunAt !== null && nextRunAt <= now;

export function everyMilliseconds(schedule: Pick<DueSchedule, 'every'>): number {
  if (!schedule.every || schedule.every <= 0) {
    throw new FreshetError('invalid_input', 'Say how many minutes lie between two runs.');
  }
  return schedule.every * minute;
}

function timeOfDay(at = '00:00'): { hour: number; minute: number } {
  const [hour = 0, past = 0] = at.split(':').map(Number);
  return { hour, minute: past };
}

function nextOnGrid(every: number, previousDue: number | null, now: number): number {
  if (previousDue === null || previousDue > now) return now + every;
  return previousDue + (Math.floor((now - previousDue) / every) + 1) * every;
}

/** Also the check of a cron expression that a person typed: throws `invalid_input` for one that can't be read. */
export function nextByCron(expression: string, timeZone: string, now: number): number | null {
  try {
    return (
      new Cron(expression, { timezone: timeZone, mode: '5-part' }).nextRun(new Date(now))?.getTime() ?? null
    );
  } catch (cause) {
    throw new FreshetError(
      'invalid_input',
      `"${expression}" is not a cron expression; write five fields, such as "30 6 * * 1-5" for 6:30 on working days.`,
      { cause },
    );
  }
}

/** A day that a month lacks is its last day; cron would leave that month out. */
function nextInMonth(day: number, hour: number, past: number, zone: string, now: number): number {
  const month = DateTime.fromMillis(now, { zone }).startOf('month');
  const dueIn = (months: number): number => {
    const first = month.plus({ months });
    return first.set({ day: Math.min(day, first.daysInMonth ?? 28), hour, minute: past }).toMillis();
  };
  return dueIn(0) > now ? dueIn(0) : dueIn(1);
}
