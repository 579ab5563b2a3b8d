import { windowOn } from './slice-window';

const days = { from: '2026-03-08', to: '2026-03-09' };

describe('the bounds of a slice', () => {
  it('are days in a column of dates', () => {
    expect(windowOn('day', days, [{ name: 'day', type: 'date' }], 'Asia/Tokyo')).toEqual({
      column: 'day',
      ...days,
    });
  });

  it('are the moments at which days begin in the account’s zone, the one of 23 hours too', () => {
    const columns = [{ name: 'at', type: 'timestamp' as const }];
    expect(windowOn('at', days, columns, 'America/New_York')).toEqual({
      column: 'at',
      from: '2026-03-08T05:00:00.000Z',
      to: '2026-03-09T04:00:00.000Z',
    });
  });

  it('skip an hour that is not there where clocks change at midnight', () => {
    const columns = [{ name: 'at', type: 'timestamp' as const }];
    const change = { from: '2024-09-08', to: '2024-09-09' };
    expect(windowOn('at', change, columns, 'America/Santiago').from).toBe('2024-09-08T04:00:00.000Z');
  });
});
