/** The dashboard Today: figures against yesterday by this time, lines by hour, channels, and what each campaign brought. */
import { templateChart as chart } from '../kit/template-chart';

const dollars = { format: 'currency', currency: 'USD' } as const;
const spent = { format: 'currency', currency: '{ads.currency}' } as const;

/** The moment on the ad account's clock, and how much of its hour has passed. */
const clock = `(SELECT at::date AS day, extract(hour FROM at)::int AS hour,
    extract(epoch FROM at - date_trunc('hour', at)) / 3600 AS part FROM (SELECT now() AT TIME ZONE '{ads.zone}' AS at) moment) clock`;

/** Of yesterday, the hours before this one and as much of this one as has passed today. */
const byNow = `CASE WHEN h.date < clock.day THEN
      CASE WHEN h.hour < clock.hour THEN 1 WHEN h.hour = clock.hour THEN clock.part ELSE 0 END END`;

const hourlySum = (column: string, day: 'today' | 'yesterday'): string =>
  day === 'today'
    ? `coalesce(sum(h.${column}) FILTER (WHERE h.date = clock.day), 0)`
    : `coalesce(sum(h.${column} * (${byNow})), 0)`;

const against = (value: (day: 'today' | 'yesterday') => string): string =>
  `
SELECT ${value('today')} AS today,
  ${value('yesterday')} AS yesterday
FROM ${clock} LEFT JOIN {source}_today_hourly h ON h.date IN (clock.day, clock.day - 1)`.trim();

const sumOf = (column: string): string => against((day) => `round(${hourlySum(column, day)}, 2)`);

const returned = (raised: string, spend: string): string =>
  `CASE WHEN '{ads.currency}' = 'USD' THEN round(${raised} / nullif(${spend}, 0), 2) END`;

/** Those of yesterday until this time of day: hours cannot be added up for different people. */
const donors = `
SELECT count(DISTINCT d.donor_email) FILTER (WHERE d.date = clock.day) AS today,
  count(DISTINCT d.donor_email) FILTER (WHERE d.date = clock.day - 1
    AND (d.hour < clock.hour OR d.hour = clock.hour AND extract(minute FROM d.paid_at) < clock.part * 60)) AS yesterday
FROM ${clock} LEFT JOIN {source}_today_donations d ON d.date IN (clock.day, clock.day - 1)`.trim();

/** Today's line ends with the hour that runs. */
const byHour = (column: string): string =>
  `
SELECT hours.hour, coalesce(sum(h.${column}) FILTER (WHERE h.date = clock.day), CASE WHEN hours.hour <= clock.hour THEN 0 END) AS today,
  coalesce(sum(h.${column}) FILTER (WHERE h.date = clock.day - 1), 0) AS yesterday
FROM ${clock} CROSS JOIN generate_series(0, 23) AS hours(hour)
LEFT JOIN {source}_today_hourly h ON h.hour = hours.hour AND h.date IN (clock.day, clock.day - 1)
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
  chart('Raised today', 'kpi', [0, 0, 3, 2], sumOf('raised'), { ...dollars, subtitle: sameTime }),
  chart('Donors today', 'kpi', [3, 0, 3, 2], donors, { format: 'integer', subtitle: sameTime }),
  chart('Spent on Meta today', 'kpi', [6, 0, 3, 2], sumOf('spend'), { ...spent, subtitle: sameTime }),
  chart(
    'Raised per dollar spent',
    'kpi',
    [9, 0, 3, 2],
    against((day) => returned(hourlySum('raised_by_meta', day), hourlySum('spend', day))),
    { ...dollars, subtitle: 'By donations with a refcode of Meta' },
  ),
  chart('Raised by hour', 'line', [0, 2, 6, 4], byHour('raised'), {
    x: 'hour',
    y: ['today', 'yesterday'],
    ...dollars,
    subtitle: 'Hours of the ad account ({ads.zone})',
  }),
  chart('Spent by hour', 'line', [6, 2, 6, 4], byHour('spend'), {
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
