import type { DueSchedule } from './due-time';
import { freshnessObjective, freshnessOf, worstFreshness } from './freshness';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.parse('2026-11-21T22:53Z');
const schedule = (special: Partial<DueSchedule>): DueSchedule => ({
  kind: 'manual',
  timeZone: 'UTC',
  paused: false,
  ...special,
});

describe('late and stale', () => {
  test.each<[string, DueSchedule | null, 'api' | 'file', number, number]>([
    ['daily: a quarter of a day of grace', schedule({ kind: 'daily' }), 'api', 30 * hour, 60 * hour],
    [
      'every 15 min: at least 10 min of grace',
      schedule({ kind: 'interval', every: 15 }),
      'api',
      25 * minute,
      50 * minute,
    ],
    ['hourly: stale after 2 h', schedule({ kind: 'hourly' }), 'api', 75 * minute, 2 * hour],
    ['every 60 min is hourly too', schedule({ kind: 'interval', every: 60 }), 'file', 75 * minute, 2 * hour],
    ['weekly', schedule({ kind: 'weekly' }), 'api', 8.75 * day, 17.5 * day],
    ['monthly', schedule({ kind: 'monthly' }), 'api', 38.75 * day, 77.5 * day],
    [
      'cron on working days: the weekend counts',
      schedule({ kind: 'cron', cron: '0 6 * * 1-5' }),
      'api',
      3.75 * day,
      7.5 * day,
    ],
    ['cron that never comes: like none', schedule({ kind: 'cron', cron: '0 0 30 2 *' }), 'api', day, 2 * day],
    ['manual, API', schedule({}), 'api', day, 2 * day],
    ['no schedule, file', null, 'file', 7 * day, 14 * day],
    ['paused, file', schedule({ kind: 'hourly', paused: true }), 'file', 7 * day, 14 * day],
  ])('%s', (_what, given, kind, lateAfter, staleAfter) => {
    expect(freshnessObjective(given, kind, now)).toEqual({ lateAfter, staleAfter });
  });
});

test.each([
  ['never', null],
  ['fresh', now],
  ['fresh', now - 9],
  ['late', now - 10],
  ['late', now - 19],
  ['stale', now - 20],
] as const)('%s when last good at %s', (freshness, lastGoodAt) => {
  expect(freshnessOf(lastGoodAt, { lateAfter: 10, staleAfter: 20 }, now)).toBe(freshness);
});

test('a whole is as fresh as the worst of its parts', () => {
  expect(worstFreshness(['fresh', 'stale', 'late'])).toBe('stale');
  expect(worstFreshness(['never', 'fresh'])).toBe('never');
  expect(worstFreshness([])).toBeNull();
});
