/** Schedules in words. Pure. */
import type { Schedule } from '@freshet/contracts';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const every = (minutes: number): string => {
  if (minutes % 1_440 === 0) return minutes === 1_440 ? 'every day' : `every ${minutes / 1_440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'every hour' : `every ${minutes / 60} hours`;
  return minutes === 1 ? 'every minute' : `every ${minutes} minutes`;
};

/** "every 30 minutes", "daily at 02:00 Europe/Berlin", "by hand"; with its zone wherever a time of day is named. */
export const describeSchedule = (schedule: Schedule): string => {
  const at = `at ${schedule.at ?? '00:00'} ${schedule.timeZone}`;
  const words = ((): string => {
    switch (schedule.kind) {
      case 'manual':
        return 'by hand';
      case 'interval':
        return every(schedule.every ?? 60);
      case 'hourly':
        return 'every hour';
      case 'daily':
        return `daily ${at}`;
      case 'weekly':
        return `every ${weekdays[(schedule.weekday ?? 1) - 1] ?? 'week'} ${at}`;
      case 'monthly':
        return `monthly on day ${schedule.day ?? 1} ${at}`;
      case 'cron':
        return `cron ${schedule.cron ?? ''} ${schedule.timeZone}`;
    }
  })();
  return schedule.paused && schedule.kind !== 'manual' ? `${words}, paused` : words;
};
