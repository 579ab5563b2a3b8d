/** What those who advertise with Meta look at first: what was spent and what came of it, by day, by hour, and by creative. */
import type { ConnectorTemplate } from '../kit/template';
import { templateChart as chart } from '../kit/template-chart';

const sums = `sum(impressions)::bigint AS impressions, sum(clicks)::bigint AS clicks, sum(link_clicks)::bigint AS link_clicks,
  sum(spend) AS spend, sum(purchases) AS purchases, sum(purchase_value) AS purchase_value, sum(leads) AS leads, max(currency) AS currency`;

const daily = `SELECT date, ${sums} FROM {source}.insights_daily GROUP BY date`;

/** A campaign may be renamed: the name of its last day is shown for all. */
const campaignsDaily = `
SELECT i.date, i.campaign_id, coalesce(c.name, max(i.campaign_name)) AS campaign, max(i.objective) AS objective,
  ${sums}
FROM {source}.insights_daily i
LEFT JOIN {source}.campaigns c ON c.id = i.campaign_id
GROUP BY i.date, i.campaign_id, c.name`;

const hourly = `
SELECT date, hour, sum(impressions)::bigint AS impressions, sum(clicks)::bigint AS clicks, sum(link_clicks)::bigint AS link_clicks,
  sum(spend) AS spend, sum(leads) AS leads
FROM {source}.insights_hourly GROUP BY date, hour`;

/** The last four whole weeks of each creative. */
const creatives = `
SELECT a.creative_id, max(c.name) AS creative, max(c.title) AS title, max(c.body) AS body, max(c.thumbnail_url) AS thumbnail_url,
  count(DISTINCT i.ad_id) AS ads, sum(i.impressions)::bigint AS impressions, sum(i.link_clicks)::bigint AS link_clicks, sum(i.spend) AS spend,
  sum(i.purchases) AS purchases, sum(i.purchase_value) AS purchase_value, sum(i.leads) AS leads,
  round(sum(i.link_clicks)::numeric / nullif(sum(i.impressions), 0), 5) AS click_rate,
  round(sum(i.purchase_value) / nullif(sum(i.spend), 0), 2) AS roas
FROM {source}.insights_daily i
JOIN {source}.ads a ON a.id = i.ad_id
LEFT JOIN {source}.creatives c ON c.id = a.creative_id
WHERE i.date > (SELECT max(date) - 29 FROM {source}.insights_daily) AND i.date < (SELECT max(date) FROM {source}.insights_daily)
GROUP BY a.creative_id`;

const period = 28;
const lastWholeDay = '(SELECT max(date) - 1 AS day FROM {source}_daily) last';

/** The last four whole weeks against the four before. */
const against = (
  value: (days: string) => string,
): string => `SELECT ${value(`date > last.day - ${period}`)} AS now,
  ${value(`date <= last.day - ${period}`)} AS before
FROM {source}_daily, ${lastWholeDay}
WHERE date <= last.day AND date > last.day - ${2 * period}`;

const sumOf =
  (column: string) =>
  (days: string): string =>
    `sum(${column}) FILTER (WHERE ${days})`;

const since = 'Last 28 whole days against the 28 before';
const inCurrency = 'in the ad account’s currency';

const charts = [
  chart(
    'Spend',
    'kpi',
    [0, 0, 3, 2],
    against((days) => `round(${sumOf('spend')(days)}, 0)`),
    {
      format: 'integer',
      subtitle: `${since}, ${inCurrency}`,
    },
  ),
  chart('Purchases', 'kpi', [3, 0, 3, 2], against(sumOf('purchases')), {
    format: 'integer',
    subtitle: since,
  }),
  chart(
    'Return on ad spend',
    'kpi',
    [6, 0, 3, 2],
    against((days) => `round(${sumOf('purchase_value')(days)} / nullif(${sumOf('spend')(days)}, 0), 2)`),
    { format: 'number', subtitle: since },
  ),
  chart('Leads', 'kpi', [9, 0, 3, 2], against(sumOf('leads')), { format: 'integer', subtitle: since }),
  chart(
    'Spend and what it brought, by day',
    'line',
    [0, 2, 8, 4],
    `SELECT date, spend, purchase_value FROM {source}_daily
WHERE date > (SELECT max(date) - 90 FROM {source}_daily) ORDER BY date`,
    {
      x: 'date',
      y: ['spend', 'purchase_value'],
      subtitle: 'In the ad account’s currency; Meta attributes purchases for 28 days',
    },
  ),
  chart(
    'Spend by objective',
    'pie',
    [8, 2, 4, 4],
    `SELECT objective, round(sum(spend), 2) AS spend
FROM {source}_campaigns_daily, ${lastWholeDay}
WHERE date <= last.day AND date > last.day - ${period} GROUP BY objective ORDER BY spend DESC`,
    { x: 'objective', y: ['spend'], subtitle: 'Last 28 whole days' },
  ),
  chart(
    'Today by hour',
    'area',
    [0, 6, 6, 4],
    `SELECT h.hour, sum(h.spend) FILTER (WHERE h.date = last.day) AS today, sum(h.spend) FILTER (WHERE h.date = last.day - 1) AS yesterday
FROM {source}_hourly h, (SELECT max(date) AS day FROM {source}_hourly) last
WHERE h.date >= last.day - 1 GROUP BY h.hour ORDER BY h.hour`,
    { x: 'hour', y: ['today', 'yesterday'], subtitle: 'Spend by hour of the ad account’s day' },
  ),
  chart(
    'Spend by campaign and week',
    'stacked',
    [6, 6, 6, 4],
    `SELECT date_trunc('week', date)::date AS week, campaign, round(sum(spend), 2) AS spend
FROM {source}_campaigns_daily WHERE date > (SELECT max(date) - 84 FROM {source}_campaigns_daily)
GROUP BY week, campaign ORDER BY week, campaign`,
    { x: 'week', y: ['spend'], series: 'campaign', subtitle: `Last 12 weeks, ${inCurrency}` },
  ),
  chart(
    'Campaigns',
    'table',
    [0, 10, 7, 5],
    `SELECT campaign, objective, sum(impressions)::bigint AS impressions, sum(link_clicks)::bigint AS link_clicks, sum(spend) AS spend,
  sum(purchases) AS purchases, sum(leads) AS leads, round(sum(purchase_value) / nullif(sum(spend), 0), 2) AS roas
FROM {source}_campaigns_daily, ${lastWholeDay}
WHERE date <= last.day AND date > last.day - ${period}
GROUP BY campaign, objective ORDER BY spend DESC LIMIT 200`,
    { subtitle: `Last 28 whole days, ${inCurrency}` },
  ),
  chart(
    'Best creatives',
    'hbar',
    [7, 10, 5, 5],
    `SELECT creative, roas FROM {source}_creatives
WHERE roas IS NOT NULL AND spend > 0 ORDER BY roas DESC, creative LIMIT 10`,
    { x: 'creative', y: ['roas'], format: 'number', subtitle: 'By return on ad spend, last 28 whole days' },
  ),
  chart(
    'Creatives in figures',
    'table',
    [0, 15, 12, 5],
    `SELECT creative, title, ads, impressions, round(100 * click_rate, 2) AS click_percent, spend, purchases, leads, roas
FROM {source}_creatives ORDER BY spend DESC, creative LIMIT 500`,
    { subtitle: `Last 28 whole days, ${inCurrency}` },
  ),
];

export const metaAdsTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'overview',
    title: 'Meta Ads',
    description:
      'What was spent on Facebook and Instagram, what came of it by day and campaign, how today goes, and which creatives work.',
    streams: ['insights_daily', 'insights_hourly', 'campaigns', 'ads', 'creatives'],
    models: [
      {
        name: '{source}_daily',
        sql: daily,
        guards: [{ kind: 'unique', columns: ['date'], severity: 'block' }],
        indexes: [{ columns: ['date'], unique: true }],
      },
      {
        name: '{source}_campaigns_daily',
        sql: campaignsDaily.trim(),
        guards: [{ kind: 'unique', columns: ['date', 'campaign_id'], severity: 'block' }],
        indexes: [{ columns: ['date', 'campaign_id'], unique: true }],
      },
      { name: '{source}_hourly', sql: hourly.trim(), indexes: [{ columns: ['date', 'hour'], unique: true }] },
      {
        name: '{source}_creatives',
        sql: creatives.trim(),
        indexes: [{ columns: ['creative_id'], unique: true }],
      },
    ],
    dashboards: [
      {
        name: 'Meta Ads',
        description:
          'Spend, purchases and leads of an ad account by day and campaign, today by hour, and creatives.',
        charts,
      },
    ],
  },
];
