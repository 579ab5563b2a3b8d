/** What those who send by Klaviyo look at first: what campaigns and flows brought, what people do, and how lists grow. */
import type { ConnectorTemplate } from '../kit/template';
import { templateChart as chart } from '../kit/template-chart';

const eventsDaily = `
SELECT date, metric_id, metric_name AS metric, count AS events, unique_count AS people, sum_value AS value, currency
FROM {source}.metric_aggregates`;

/** Rates are of what was delivered, as Klaviyo has them. */
const campaigns = `
SELECT v.campaign_id, v.campaign_message_id, v.send_channel AS channel, coalesce(c.name, v.campaign_id) AS name, c.subject, c.send_time,
  c.archived, v.recipients, v.delivered, v.opens_unique, v.clicks_unique, v.conversions, v.conversion_value AS revenue,
  v.unsubscribes, v.currency,
  round(v.opens_unique::numeric / nullif(v.delivered, 0), 4) AS open_rate,
  round(v.clicks_unique::numeric / nullif(v.delivered, 0), 4) AS click_rate,
  round(v.conversion_value / nullif(v.recipients, 0), 4) AS revenue_per_recipient
FROM {source}.campaign_values v
LEFT JOIN {source}.campaigns c ON c.id = v.campaign_id`;

const listGrowth = `
SELECT e.date, coalesce(e.list, 'Unknown') AS list,
  count(*) FILTER (WHERE m.name = 'Subscribed to List') AS joined,
  count(*) FILTER (WHERE m.name = 'Unsubscribed from List') AS left_again
FROM {source}.events e
JOIN {source}.metrics m ON m.id = e.metric_id
WHERE m.name IN ('Subscribed to List', 'Unsubscribed from List')
GROUP BY 1, 2`;

const flows = `
SELECT f.id AS flow_id, f.name, f.trigger_type, f.status, f.archived,
  count(*) FILTER (WHERE m.name = 'Received Email') AS received,
  count(*) FILTER (WHERE m.name = 'Opened Email') AS opened,
  count(*) FILTER (WHERE m.name = 'Clicked Email') AS clicked,
  max(e.datetime) AS last_message_at
FROM {source}.flows f
LEFT JOIN {source}.events e ON e.flow_id = f.id
LEFT JOIN {source}.metrics m ON m.id = e.metric_id
GROUP BY 1, 2, 3, 4, 5`;

const period = 28;
const lastWholeDay = '(SELECT max(date) - 1 AS day FROM {source}_events_daily) last';

/** The last four whole weeks against the four before. */
const against = (
  value: (days: string) => string,
): string => `SELECT ${value(`date > last.day - ${period}`)} AS now,
  ${value(`date <= last.day - ${period}`)} AS before
FROM {source}_events_daily, ${lastWholeDay}
WHERE date <= last.day AND date > last.day - ${2 * period}`;

const sumOf =
  (column: string, metric: string) =>
  (days: string): string =>
    `coalesce(sum(${column}) FILTER (WHERE ${days} AND metric = '${metric}'), 0)`;

const since = 'Last 28 whole days against the 28 before';
const recentCampaigns = 'WHERE send_time > (SELECT max(send_time) FROM {source}_campaigns) - interval';

const charts = [
  chart(
    'Revenue',
    'kpi',
    [0, 0, 3, 2],
    against((days) => `round(${sumOf('value', 'Placed Order')(days)}, 0)`),
    {
      format: 'integer',
      subtitle: `${since}, in the account’s currency`,
    },
  ),
  chart('Orders', 'kpi', [3, 0, 3, 2], against(sumOf('events', 'Placed Order')), {
    format: 'integer',
    subtitle: since,
  }),
  chart(
    'Net new subscribers',
    'kpi',
    [6, 0, 3, 2],
    against(
      (days) =>
        `${sumOf('events', 'Subscribed to List')(days)} - ${sumOf('events', 'Unsubscribed from List')(days)}`,
    ),
    { format: 'integer', subtitle: since },
  ),
  chart('Emails opened', 'kpi', [9, 0, 3, 2], against(sumOf('events', 'Opened Email')), {
    format: 'integer',
    subtitle: since,
  }),
  chart(
    'Events by day',
    'line',
    [0, 2, 8, 4],
    `SELECT date, metric, events FROM {source}_events_daily
WHERE date > (SELECT max(date) - 90 FROM {source}_events_daily)
  AND metric IN ('Placed Order', 'Started Checkout', 'Added to Cart', 'Viewed Product', 'Clicked Email')
ORDER BY date, metric`,
    {
      x: 'date',
      y: ['events'],
      series: 'metric',
      format: 'integer',
      subtitle: 'Days of the account’s time zone; the last five still grow',
    },
  ),
  chart(
    'Revenue by channel',
    'pie',
    [8, 2, 4, 4],
    `SELECT channel, round(sum(revenue), 2) AS revenue FROM {source}_campaigns
${recentCampaigns} '90 days' GROUP BY channel ORDER BY revenue DESC`,
    { x: 'channel', y: ['revenue'], subtitle: 'Of campaigns sent in the last 90 days' },
  ),
  chart(
    'Best campaigns',
    'hbar',
    [0, 6, 5, 5],
    `SELECT name, round(sum(revenue), 2) AS revenue FROM {source}_campaigns
${recentCampaigns} '90 days' GROUP BY name ORDER BY revenue DESC, name LIMIT 10`,
    { x: 'name', y: ['revenue'], subtitle: 'By what they brought, of the last 90 days' },
  ),
  chart(
    'Campaign performance',
    'table',
    [5, 6, 7, 5],
    `SELECT send_time AS sent, name, channel, recipients, round(100 * open_rate, 1) AS opened_percent, round(100 * click_rate, 1) AS clicked_percent,
  conversions, revenue, revenue_per_recipient AS per_recipient, unsubscribes
FROM {source}_campaigns ORDER BY send_time DESC NULLS LAST, name LIMIT 200`,
    { subtitle: 'Rates are of what was delivered; conversions are counted for five days' },
  ),
  chart(
    'List growth by week',
    'stacked',
    [0, 11, 7, 4],
    `SELECT date_trunc('week', date)::date AS week, list, sum(joined - left_again)::bigint AS net
FROM {source}_list_growth WHERE date > (SELECT max(date) - 84 FROM {source}_list_growth)
GROUP BY week, list ORDER BY week, list`,
    {
      x: 'week',
      y: ['net'],
      series: 'list',
      format: 'integer',
      subtitle: 'Who joined less who left again, last 12 weeks',
    },
  ),
  chart(
    'Flows',
    'table',
    [7, 11, 5, 4],
    `SELECT name, trigger_type AS trigger, status, received, round(100.0 * opened / nullif(received, 0), 1) AS opened_percent,
  round(100.0 * clicked / nullif(received, 0), 1) AS clicked_percent, last_message_at
FROM {source}_flows WHERE archived IS NOT TRUE ORDER BY received DESC, name LIMIT 100`,
    { subtitle: 'Emails of the days that are synced' },
  ),
];

export const klaviyoTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'overview',
    title: 'Klaviyo',
    description: 'What campaigns and flows brought, what people did each day, and how the lists grow.',
    streams: ['events', 'campaigns', 'campaign_values', 'metric_aggregates', 'metrics', 'flows'],
    models: [
      {
        name: '{source}_events_daily',
        sql: eventsDaily.trim(),
        guards: [{ kind: 'unique', columns: ['date', 'metric_id'], severity: 'block' }],
        indexes: [{ columns: ['date', 'metric_id'], unique: true }],
      },
      {
        name: '{source}_campaigns',
        sql: campaigns.trim(),
        guards: [
          { kind: 'unique', columns: ['campaign_id', 'campaign_message_id', 'channel'], severity: 'block' },
        ],
        indexes: [{ columns: ['send_time'], unique: false }],
      },
      {
        name: '{source}_list_growth',
        sql: listGrowth.trim(),
        indexes: [{ columns: ['date', 'list'], unique: true }],
      },
      { name: '{source}_flows', sql: flows.trim(), indexes: [{ columns: ['flow_id'], unique: true }] },
    ],
    dashboards: [
      {
        name: 'Klaviyo',
        description: 'Campaigns, flows, list growth and events of a Klaviyo account.',
        charts,
      },
    ],
  },
];
