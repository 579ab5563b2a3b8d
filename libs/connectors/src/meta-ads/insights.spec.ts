import { insightsHourly, valueOf } from './insights';

const actions = [
  { action_type: 'link_click', value: '12' },
  { action_type: 'purchase', value: '3' },
  { action_type: 'omni_purchase', value: '4' },
];

describe('actions of an insight', () => {
  it('are counted by the widest kind alone', () => {
    expect(valueOf(actions, ['omni_purchase', 'purchase'])).toBe('4');
    expect(valueOf(actions.slice(0, 2), ['omni_purchase', 'purchase'])).toBe('3');
  });

  it.each([[undefined], [null], [[]], [actions.slice(0, 1)]])('are none in %j', (none) => {
    expect(valueOf(none, ['omni_purchase', 'purchase'])).toBe('0');
  });
});

describe('hours of an insight', () => {
  const hourOf = (text: unknown): unknown => {
    const record = { date_start: '2026-11-22', hourly_stats_aggregated_by_advertiser_time_zone: text };
    const [row] = insightsHourly.rows([record], { config: { adAccount: 'act_1' }, account: null, slice: {} });
    return row?.['hour'];
  };

  it.each([
    ['00:00:00 - 00:59:59', '0'],
    ['07:00:00 - 07:59:59', '7'],
    ['23:00:00 - 23:59:59', '23'],
  ])('%s is hour %s', (text, hour) => expect(hourOf(text)).toBe(hour));

  it.each([['7 am'], [undefined], ['07:30:00 - 08:29:59']])('%j is none, and is not guessed', (text) =>
    expect(hourOf(text)).toBeNull(),
  );
});
