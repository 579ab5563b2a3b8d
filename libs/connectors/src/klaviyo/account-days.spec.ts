import { dateAt, spanOf, startOfDay } from './account-days';

describe('days of an account', () => {
  it.each([
    ['2026-01-15', 'America/New_York', '2026-01-15T05:00:00.000Z'],
    ['2026-07-15', 'America/New_York', '2026-07-15T04:00:00.000Z'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z'],
    ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00.000Z'],
    ['2026-06-01', 'Asia/Kathmandu', '2026-05-31T18:15:00.000Z'],
    // Clocks are put forward at midnight there: the day begins at one.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ])('%s begins in %s at %s', (date, zone, moment) => {
    expect(startOfDay(date, zone).toISOString()).toBe(moment);
  });

  it('give a range whose end is not included', () => {
    const account = { name: 'Shop', timeZone: 'Europe/Berlin', currency: null };
    const { from, to } = spanOf({ from: '2026-10-25', to: '2026-10-26' }, account);
    expect((to.getTime() - from.getTime()) / 3_600_000).toBe(25);
  });

  it('are what clocks show there', () => {
    expect(dateAt(new Date('2026-03-11T00:30:00Z'), 'America/New_York')).toBe('2026-03-10');
    expect(dateAt(new Date('2026-03-11T00:30:00Z'), 'Asia/Tokyo')).toBe('2026-03-11');
  });
});
