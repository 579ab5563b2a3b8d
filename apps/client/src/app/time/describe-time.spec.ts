import { clockTime, duration, exactTime, relativeTime } from './describe-time';

const now = Date.parse('2026-11-21T14:00:00Z');
const ago = (ms: number): string => relativeTime(now - ms, now);
const [s, min, h, day] = [1_000, 60_000, 3_600_000, 86_400_000];

describe('relative time', () => {
  it.each([
    [0, 'just now'],
    [9 * s, 'just now'],
    [10 * s, '10 s ago'],
    [59 * s, '59 s ago'],
    [min, '1 min ago'],
    [119 * s, '1 min ago'],
    [59 * min, '59 min ago'],
    [2 * h, '2 h ago'],
    [23 * h, '23 h ago'],
    [day, '1 day ago'],
    [3 * day, '3 days ago'],
    [90 * day, '2 months ago'],
    [800 * day, '2 years ago'],
  ])('%d ms before now is told as "%s", rounded down', (ms, words) => {
    expect(ago(ms)).toBe(words);
  });

  it('tells what is to come with "in"', () => {
    expect(relativeTime(now + 2 * h, now)).toBe('in 2 h');
    expect(relativeTime(now + 3 * s, now)).toBe('in a moment');
  });

  it('takes ISO times', () => {
    expect(relativeTime('2026-11-21T13:56:00Z', now)).toBe('4 min ago');
  });
});

describe('exact time', () => {
  it('names its zone', () => {
    expect(exactTime('2026-11-21T13:02:11Z', 'Europe/Berlin')).toBe('21 Nov 2026, 14:02:11 CET');
  });
});

describe('clock time', () => {
  it('names its zone too', () => {
    expect(clockTime('2026-11-21T13:02:11Z', 'Europe/Berlin')).toBe('14:02 CET');
  });
});

describe('duration', () => {
  it.each([
    [840, '0.8 s'],
    [9_949, '9.9 s'],
    [14_200, '0:14'],
    [65_000, '1:05'],
    [3_723_000, '1:02:03'],
    [-5, '0.0 s'],
  ])('tells %d ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});
