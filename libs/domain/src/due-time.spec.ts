import fc from 'fast-check';
import { isDue, nextByCron, nextDue, type DueSchedule } from './due-time';

const schedule = (special: Partial<DueSchedule>): DueSchedule => ({
  kind: 'manual',
  timeZone: 'UTC',
  paused: false,
  ...special,
});
const at = (iso: string): number => Date.parse(iso);
const next = (special: Partial<DueSchedule>, now: string, previous: string | null = null): string | null => {
  const due = nextDue(schedule(special), previous === null ? null : at(previous), at(now));
  return due === null ? null : new Date(due).toISOString().replace(':00.000Z', 'Z');
};

describe('the next due time', () => {
  const berlin = { timeZone: 'Europe/Berlin' };
  test.each<[string, Partial<DueSchedule>, string, string | null]>([
    ['manual: never', { kind: 'manual' }, '2026-11-21T22:53Z', null],
    ['paused: never', { kind: 'daily', paused: true }, '2026-11-21T22:53Z', null],
    ['a new interval begins now', { kind: 'interval', every: 15 }, '2026-11-21T22:53Z', '2026-11-21T23:08Z'],
    ['hourly, at its minute', { kind: 'hourly', at: '00:20' }, '2026-11-21T22:53Z', '2026-11-21T23:20Z'],
    ['daily', { kind: 'daily', at: '02:00' }, '2026-11-21T22:53Z', '2026-11-22T02:00Z'],
    ['not the same moment again', { kind: 'daily', at: '02:00' }, '2026-11-22T02:00Z', '2026-11-23T02:00Z'],
    [
      'daily in a time zone',
      { kind: 'daily', at: '02:00', ...berlin },
      '2026-11-21T22:53Z',
      '2026-11-22T01:00Z',
    ],
    [
      'weekly: 7 is Sunday',
      { kind: 'weekly', weekday: 7, at: '06:30' },
      '2026-11-21T22:53Z',
      '2026-11-22T06:30Z',
    ],
    [
      'weekly: 1 is Monday',
      { kind: 'weekly', weekday: 1, at: '06:30' },
      '2026-11-21T22:53Z',
      '2026-11-23T06:30Z',
    ],
    ['monthly, later this month', { kind: 'monthly', day: 25 }, '2026-11-21T22:53Z', '2026-11-25T00:00Z'],
    ['monthly, next month', { kind: 'monthly', day: 5 }, '2026-11-21T22:53Z', '2026-12-05T00:00Z'],
    [
      'a day the month lacks is its last',
      { kind: 'monthly', day: 31 },
      '2026-02-03T00:00Z',
      '2026-02-28T00:00Z',
    ],
    ['the end of the year', { kind: 'monthly', day: 31 }, '2026-12-31T00:00Z', '2027-01-31T00:00Z'],
    ['cron', { kind: 'cron', cron: '30 6 * * 1-5' }, '2026-11-21T22:53Z', '2026-11-23T06:30Z'],
    ['cron that never comes', { kind: 'cron', cron: '0 0 30 2 *' }, '2026-11-21T22:53Z', null],
    [
      'the hour that spring skips',
      { kind: 'daily', at: '02:30', ...berlin },
      '2026-03-28T12:00Z',
      '2026-03-29T01:00Z',
    ],
    [
      'the hour that autumn repeats',
      { kind: 'daily', at: '02:30', ...berlin },
      '2026-10-24T12:00Z',
      '2026-10-25T00:30Z',
    ],
    [
      'and it is run once',
      { kind: 'daily', at: '02:30', ...berlin },
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ],
  ])('%s', (_what, special, now, due) => {
    expect(next(special, now)).toBe(due);
  });

  test('an interval keeps to its grid, however late it was started', () => {
    const every15 = { kind: 'interval' as const, every: 15 };
    expect(next(every15, '2026-11-21T22:02Z', '2026-11-21T22:00Z')).toBe('2026-11-21T22:15Z');
  });

  test('what was missed while nothing ran is made up for once', () => {
    const every15 = { kind: 'interval' as const, every: 15 };
    expect(isDue(at('2026-11-21T22:00Z'), at('2026-11-22T09:07Z'))).toBe(true);
    expect(next(every15, '2026-11-22T09:07Z', '2026-11-21T22:00Z')).toBe('2026-11-22T09:15Z');
  });

  test.each(['every day', '* * * *', '99 * * * *', ''])(
    'a cron expression that is none: "%s"',
    (expression) => {
      expect(() => nextByCron(expression, 'UTC', 0)).toThrow(/is not a cron expression; write five fields/);
    },
  );

  test('an interval without its minutes is refused', () => {
    expect(() => nextDue(schedule({ kind: 'interval' }), null, 0)).toThrow(/how many minutes/);
  });
});

test('isDue: never without a time, at the time, and after it', () => {
  expect([isDue(null, 5), isDue(6, 5), isDue(5, 5), isDue(4, 5)]).toEqual([false, false, true, true]);
});

const anyTime = fc.integer({ min: at('2025-01-01T00:00Z'), max: at('2028-01-01T00:00Z') });
const anyDaily = fc.record({
  hour: fc.nat(23),
  minute: fc.nat(59),
  timeZone: fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ),
});

test('whatever the zone and the night, a daily schedule is due once in each day of its zone', () => {
  fc.assert(
    fc.property(anyDaily, anyTime, ({ hour, minute, timeZone }, from) => {
      const given = schedule({
        kind: 'daily',
        timeZone,
        at: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`,
      });
      const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
      let due = nextDue(given, null, from) ?? 0;
      expect(due).toBeGreaterThan(from);
      const days = new Set<string>();
      for (let run = 0; run < 20; run++) {
        days.add(dayOf.format(due));
        const following = nextDue(given, due, due) ?? 0;
        expect(following - due).toBeGreaterThanOrEqual(22 * 3_600_000);
        expect(following - due).toBeLessThanOrEqual(26 * 3_600_000);
        due = following;
      }
      expect(days.size).toBe(20);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('an interval is due in the future, on its grid, at most one interval away', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_080 }), anyTime, anyTime, (every, previous, now) => {
      const due = nextDue(schedule({ kind: 'interval', every }), previous, now) ?? 0;
      expect(due).toBeGreaterThan(now);
      expect(due).toBeLessThanOrEqual(now + every * 60_000);
      if (previous <= now) expect((due - previous) % (every * 60_000)).toBe(0);
    }),
    { seed: 1 },
  );
});
