import { wallClockToUtc, wallDate } from './wall-clock';

const eastern = 'America/New_York';

describe('wallClockToUtc', () => {
  it.each([
    ['2026-01-15 12:00:00', '2026-01-15T17:00:00Z'],
    ['2026-07-15T12:00', '2026-07-15T16:00:00Z'],
    ['2026-03-08 01:59:59', '2026-03-08T06:59:59Z'],
    ['2026-03-08 03:00:00', '2026-03-08T07:00:00Z'],
    ['2026-11-01 00:59:59', '2026-11-01T04:59:59Z'],
    ['2026-11-01 02:00:00', '2026-11-01T07:00:00Z'],
  ])('reads %s by the offset of its day', (text, utc) => {
    expect(wallClockToUtc(text, eastern)).toBe(utc);
  });

  it('takes the hour that comes twice for its first pass', () => {
    expect(wallClockToUtc('2026-11-01 01:30:00', eastern)).toBe('2026-11-01T05:30:00Z');
  });

  it('reads a time that was skipped by the clock before the change', () => {
    expect(wallClockToUtc('2026-03-08 02:30:00', eastern)).toBe('2026-03-08T07:30:00Z');
  });

  it.each([
    ['2026-07-15T12:00:00-04:00', '2026-07-15T16:00:00Z'],
    ['2026-07-15T16:00:00.250Z', '2026-07-15T16:00:00Z'],
    // Written by the clock on the wall these are one time, so they have to be one here, too.
    ['2026-11-01T01:30:00-04:00', '2026-11-01T05:30:00Z'],
    ['2026-11-01T01:30:00-05:00', '2026-11-01T05:30:00Z'],
  ])('brings %s to the form of the wall clock', (text, utc) => {
    expect(wallClockToUtc(text, eastern)).toBe(utc);
  });

  it.each(['', 'soon', '2026-02-30 10:00:00', '2026-01-01', '2026-01-01 25:00:00'])(
    'knows that %p is no time',
    (text) => {
      expect(wallClockToUtc(text, eastern)).toBeNull();
    },
  );

  it('works south of the equator', () => {
    expect(wallClockToUtc('2026-04-05 02:30:00', 'Australia/Sydney')).toBe('2026-04-04T15:30:00Z');
  });
});

it('a wall clock shows the date of its own zone', () => {
  expect(wallDate('2026-03-11T00:30:00Z', eastern)).toBe('2026-03-10');
});
