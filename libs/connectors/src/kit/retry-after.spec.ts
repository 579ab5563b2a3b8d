import { retryAfter } from './retry-after';

const now = new Date('2026-03-01T12:00:00Z');

describe('retryAfter', () => {
  it.each([
    ['seconds', '120', '2026-03-01T12:02:00.000Z'],
    ['no wait', '0', '2026-03-01T12:00:00.000Z'],
    ['spaces around', ' 5 ', '2026-03-01T12:00:05.000Z'],
    ['a date', 'Sun, 01 Mar 2026 13:00:00 GMT', '2026-03-01T13:00:00.000Z'],
    ['a date that has passed', 'Sun, 01 Mar 2026 11:00:00 GMT', '2026-03-01T12:00:00.000Z'],
  ])('understands %s', (_what, header, expected) => {
    expect(retryAfter(header, now)?.toISOString()).toBe(expected);
  });

  it.each([[undefined], [''], ['soon'], ['-1'], ['99999999999999999999']])('is null for %p', (header) => {
    expect(retryAfter(header, now)).toBeNull();
  });
});
