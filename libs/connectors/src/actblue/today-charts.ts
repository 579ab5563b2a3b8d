/** The dashboard Today: figures against yesterday by this time, lines by hour, channels, and what each campaign brought. */
import { templateChart as chart } from '../kit/template-chart';

const dollars = { format: 'currency', currency: 'USD' } as const;
const spent = { format: 'currency', currency: '{ads.currency}' } as const;

/** The moment on the ad account's clock, and how much of its hour has passed. */
const clock = `(SELECT at, at::date AS day, extract(hour FROM at)::int AS hour,
    extract(epoch FROM at - date_trunc('hour', at)) / 3600 AS part FROM (SELECT now() AT TIME ZONE '{ads.zone}' AS at) moment) clock`;

const kpi = (model: string, today: string, yesterday: string): string =>
  `
SELECT ${today} AS today,
  ${yesterday} AS yesterday
FROM ${clock} LEFT JOIN ${model} x ON x.date IN (clock.day, clock.day - 1)`.trim();

/** Of yesterday, what came in before this time of day: to the minute, as donations have one. */
const fromDonations = (value: string): string => {
  const during = (condition: string): string => `coalesce(${value} FILTER (WHERE ${condition}), 0)`;
  return kpi(
    '{source}_today_donations',
    during('x.date = clock.day'),
    during(`x.date < clock.day AND (x.paid_at AT TIME ZONE '{ads.zone}')::time < clock.at::time`),
  );
};

const soFar = (column: string): string => `coalesce(sum(x.${column}) FILTER (WHERE x.date = clock.day), 0)`;

/** Of yesterday, the hours before this one and as much of this one as has passed today: Meta tells no minutes. */
const byNow = (column: string): string => `coalesce(sum(x.${column} *
    CASE WHEN x.hour < clock.hour THEN 1 WHEN x.hour = clock.hour THEN clock.part ELSE 0 END) FILTER (WHERE x.date < clock.day), 0)`;

const fromHours = (value: (sum: (column: string) => string) => string): string =>
  kpi('{source}_today_hourly', value(soFar), value(byNow));

/** Of two currencies there is no ratio. */
const returned = (raised: string, spend: string): string =>
  `CASE WHEN '{ads.currency}' = 'USD' THEN round(${raised} / nullif(${spend}, 0), 2) END`;

/** Today's line ends with the hour that runs. */
const byHour = (model: string, column: string): string =>
  `
SELECT hours.hour, coalesce(sum(x.${column}) FILTER (WHERE x.date = clock.day), CASE WHEN hours.hour <= clock.hour THEN 0 END) AS today,
  coalesce(sum(x.${column}) FILTER (WHERE x.date < clock.day), 0) AS yesterday
FROM ${clock} CROSS JOIN generate_series(0, 23) AS hours(hour)
LEFT JOIN ${model} x ON x.hour = hours.hour AND x.date IN (clock.day, clock.day - 1)
GROUP BY hours.hour, clock.hour ORDER BY hours.hour`.trim();

const money = (column: string, name: string, day = ''): string =>
  `round(coalesce(sum(c.${column})${day}, 0), 2) AS ${name}`;
const onlyToday = ' FILTER (WHERE c.date = clock.day)';

const attribution = `
SELECT max(c.campaign) AS campaign, ${money('spend', 'spend')}, sum(c.donations) AS donations, ${money('raised', 'raised')},
  ${returned('sum(c.raised)', 'sum(c.spend)')} AS return,
  round(nullif(sum(c.spend), 0) / nullif(max(people.donors), 0), 2) AS cost_per_donor,
  ${money('spend', 'spend_today', onlyToday)}, ${money('raised', 'raised_today', onlyToday)}
FROM ${clock} JOIN {source}_today_campaigns c ON c.date > clock.day - 28
LEFT JOIN (SELECT coalesce(d.campaign_id, '') AS campaign_id, count(DISTINCT d.donor_email) AS donors
  FROM ${clock} JOIN {source}_today_donations d ON d.date > clock.day - 28
  WHERE d.channel = 'Meta' GROUP BY coalesce(d.campaign_id, '')) people ON people.campaign_id = c.campaign_id
GROUP BY c.campaign_id ORDER BY spend DESC, raised DESC LIMIT 200`.trim();

const sameTime = 'Against yesterday by this time';

export const todayCharts = [
  chart('Raised today', 'kpi', [0, 0, 3, 2], fromDonations('sum(x.net_amount)'), {
    ...dollars,
    subtitle: sameTime,
  }),
  chart('Donors today', 'kpi', [3, 0, 3, 2], fromDonations('count(DISTINCT x.donor_email)'), {
    format: 'integer',
    subtitle: sameTime,
  }),
  chart(
    'Spent on Meta today',
    'kpi',
    [6, 0, 3, 2],
    fromHours((sum) => `round(${sum('spend')}, 2)`),
    { ...spent, subtitle: sameTime },
  ),
  chart(
    'Raised per dollar spent',
    'kpi',
    [9, 0, 3, 2],
    fromHours((sum) => returned(sum('raised_by_meta'), sum('spend'))),
    { ...dollars, subtitle: 'By donations with a refcode of Meta' },
  ),
  chart('Raised by hour', 'line', [0, 2, 6, 4], byHour('{source}_today_donations', 'net_amount'), {
    x: 'hour',
    y: ['today', 'yesterday'],
    ...dollars,
    subtitle: 'Hours of the ad account ({ads.zone})',
  }),
  chart('Spent by hour', 'line', [6, 2, 6, 4], byHour('{source}_today_hourly', 'spend'), {
    x: 'hour',
    y: ['today', 'yesterday'],
    ...spent,
    subtitle: 'Hours of the ad account ({ads.zone})',
  }),
  chart(
    'Channels by day',
    'stacked',
    [0, 6, 8, 4],
    `SELECT c.date, c.channel, c.raised FROM ${clock} JOIN {source}_today_channels c ON c.date > clock.day - 14
ORDER BY c.date, array_position(ARRAY['Meta', 'Email', 'SMS', 'Website', 'Recurring', 'Other'], c.channel)`,
    {
      x: 'date',
      y: ['raised'],
      series: 'channel',
      ...dollars,
      subtitle: 'Last 14 days, by refcode; Recurring: later payments of monthly donations',
    },
  ),
  chart(
    'Channels today',
    'hbar',
    [8, 6, 4, 4],
    `SELECT c.channel, coalesce(sum(c.raised) FILTER (WHERE c.date = clock.day), 0) AS today,
  coalesce(sum(c.raised) FILTER (WHERE c.date = clock.day - 1), 0) AS yesterday
FROM ${clock} JOIN {source}_today_channels c ON c.date >= clock.day - 1
GROUP BY c.channel ORDER BY today DESC, yesterday DESC`,
    { x: 'channel', y: ['today', 'yesterday'], ...dollars, subtitle: 'Beside the whole of yesterday' },
  ),
  chart('What each campaign brought', 'table', [0, 10, 12, 5], attribution, {
    subtitle: 'Last 28 days, first payments by refcode; raised in USD, spent in {ads.currency}',
  }),
];
