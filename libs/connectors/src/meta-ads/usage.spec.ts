import { minutesToRegain, minutesToWait, percentUsed } from './usage';

const businessUse = (percent: number, minutes: number): string =>
  JSON.stringify({
    '10153098765432109': [
      {
        type: 'ads_management',
        call_count: 3,
        total_cputime: 1,
        total_time: 1,
        estimated_time_to_regain_access: 0,
      },
      {
        type: 'ads_insights',
        call_count: percent,
        total_cputime: 2,
        total_time: 5,
        estimated_time_to_regain_access: minutes,
      },
    ],
  });

describe('what Meta tells of usage', () => {
  it('is the busiest of all use cases', () => {
    const headers = { 'x-business-use-case-usage': businessUse(71, 12) };
    expect([percentUsed(headers), minutesToRegain(headers)]).toEqual([71, 12]);
  });

  it('is that of insights, too', () => {
    expect(
      percentUsed({ 'x-fb-ads-insights-throttle': '{"app_id_util_pct":2.5,"acc_id_util_pct":97}' }),
    ).toBe(97);
  });

  it.each([
    ['nothing is told', {}, 0],
    ['little is used', { 'x-business-use-case-usage': businessUse(40, 0) }, 0],
    ['access is lost for a while', { 'x-business-use-case-usage': businessUse(100, 23) }, 23],
    ['almost all is used', { 'x-business-use-case-usage': businessUse(91, 0) }, 5],
    ['it can’t be read', { 'x-business-use-case-usage': 'soon', 'x-fb-ads-insights-throttle': 'null' }, 0],
    ['it has another shape', { 'x-business-use-case-usage': '{"1":{"call_count":99}}' }, 0],
  ])('makes us wait when %s', (_what, headers, minutes) => {
    expect(minutesToWait(headers)).toBe(minutes);
  });
});
