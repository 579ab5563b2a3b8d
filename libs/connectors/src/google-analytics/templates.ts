/** What marketers look at first: how many came, from where, to which pages, and what it brought. */
import type { ConnectorTemplate } from '../kit/template';
import { templateChart as chart } from '../kit/template-chart';
import { overviewModels } from './template-models';

/** Four whole weeks, so that weekdays are as many on both sides. */
const period = 28;
const lastWholeDay = '(SELECT max(date) - 1 AS day FROM {source}_daily) last';

/** The last four whole weeks against the four before. */
const against = (value: (days: string) => string): string => {
  const [now, before] = [`date > last.day - ${period}`, `date <= last.day - ${period}`];
  return `SELECT ${value(now)} AS now, ${value(before)} AS before
FROM {source}_daily, ${lastWholeDay}
WHERE date <= last.day AND date > last.day - ${2 * period}`;
};
const total =
  (column: string) =>
  (days: string): string =>
    `sum(${column}) FILTER (WHERE ${days})`;
const share =
  (part: string, whole: string) =>
  (days: string): string =>
    `round(${total(part)(days)} / nullif(${total(whole)(days)}, 0), 4)`;

const recent = (model: string, days: number, more: string): string =>
  `FROM {source}_${model}, ${lastWholeDay}
WHERE date <= last.day AND date > last.day - ${days}
${more}`;

const since = 'Last 28 whole days against the 28 before';
const inCurrency = 'in the property’s currency';

const charts = [
  chart('Sessions', 'kpi', [0, 0, 3, 2], against(total('sessions')), { format: 'integer', subtitle: since }),
  chart('Users', 'kpi', [3, 0, 3, 2], against(total('users')), {
    format: 'integer',
    subtitle: 'Of each day, added up; last 28 whole days',
  }),
  chart('Engagement rate', 'kpi', [6, 0, 3, 2], against(share('engaged_sessions', 'sessions')), {
    format: 'percent',
    subtitle: since,
  }),
  chart(
    'Revenue',
    'kpi',
    [9, 0, 3, 2],
    against((days) => `round(${total('revenue')(days)}, 0)`),
    {
      format: 'integer',
      subtitle: `Last 28 whole days, ${inCurrency}`,
    },
  ),
  chart(
    'Sessions and users by day',
    'line',
    [0, 2, 8, 4],
    `SELECT date, sessions, users, new_users FROM {source}_daily
WHERE date > (SELECT max(date) - 90 FROM {source}_daily) ORDER BY date`,
    {
      x: 'date',
      y: ['sessions', 'users', 'new_users'],
      format: 'integer',
      subtitle: 'Days of the property’s time zone; Google still corrects the last three',
    },
  ),
  chart(
    'Devices',
    'pie',
    [8, 2, 4, 4],
    `SELECT device_category AS device, sum(sessions)::bigint AS sessions
${recent('devices', period, 'GROUP BY device_category ORDER BY sessions DESC')}`,
    { x: 'device', y: ['sessions'], format: 'integer', subtitle: 'Sessions of the last 28 whole days' },
  ),
  chart(
    'Channels',
    'hbar',
    [0, 6, 5, 5],
    `SELECT channel, sum(sessions)::bigint AS sessions
${recent('channels', period, 'GROUP BY channel ORDER BY sessions DESC')}`,
    { x: 'channel', y: ['sessions'], format: 'integer', subtitle: 'Sessions of the last 28 whole days' },
  ),
  chart(
    'Revenue by channel and week',
    'stacked',
    [5, 6, 7, 5],
    `SELECT date_trunc('week', date)::date AS week, channel, round(sum(revenue), 2) AS revenue
${recent('channels', 84, 'GROUP BY week, channel ORDER BY week, channel')}`,
    { x: 'week', y: ['revenue'], series: 'channel', subtitle: `Last 12 weeks, ${inCurrency}` },
  ),
  chart(
    'Top pages',
    'table',
    [0, 11, 7, 5],
    `SELECT page_path AS page, views, round(100.0 * (views - views_before) / nullif(views_before, 0), 1) AS change_percent,
  users, key_events, revenue
FROM {source}_top_pages ORDER BY views DESC, page_path LIMIT 500`,
    { subtitle: since },
  ),
  chart(
    'Countries',
    'hbar',
    [7, 11, 5, 5],
    `SELECT country, sum(sessions)::bigint AS sessions
${recent('countries', period, 'GROUP BY country ORDER BY sessions DESC LIMIT 12')}`,
    { x: 'country', y: ['sessions'], format: 'integer', subtitle: 'Sessions of the last 28 whole days' },
  ),
  chart(
    'Channels in figures',
    'table',
    [0, 16, 7, 4],
    `SELECT channel, sum(sessions)::bigint AS sessions,
  round(100.0 * sum(engaged_sessions) / nullif(sum(sessions), 0), 1) AS engaged_percent, sum(key_events) AS key_events,
  sum(revenue) AS revenue, round(sum(revenue) / nullif(sum(sessions), 0), 2) AS revenue_per_session
${recent('channels', period, 'GROUP BY channel ORDER BY revenue DESC')}`,
    { subtitle: `Last 28 whole days, ${inCurrency}` },
  ),
  chart(
    'What people do',
    'hbar',
    [7, 16, 5, 4],
    `SELECT event_name AS event, sum(events) AS events
${recent('events', period, 'GROUP BY event_name ORDER BY events DESC LIMIT 12')}`,
    { x: 'event', y: ['events'], format: 'integer', subtitle: 'Events of the last 28 whole days' },
  ),
];

export const googleAnalyticsTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'overview',
    title: 'GA overview',
    description: 'How many people came, through which channels, to which pages, and what it brought.',
    streams: ['traffic', 'acquisition', 'pages', 'events', 'devices', 'locations'],
    models: overviewModels,
    dashboards: [
      {
        name: 'GA overview',
        description: 'Sessions, channels, pages, devices and revenue of a Google Analytics property.',
        charts,
      },
    ],
  },
];
