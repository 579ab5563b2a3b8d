/** What people who advertise on Google look at first: what was spent, what it brought, and what a customer cost. */
import type { ChartInput } from '@freshet/contracts';
import type { ConnectorTemplate } from '../kit/template';

type Chart = Pick<ChartInput, 'title' | 'type' | 'sql' | 'layout'> & Partial<Pick<ChartInput, 'options'>>;

const chart = (given: Chart): ChartInput => ({ params: [], options: {}, ...given });

const campaignsDaily = `-- one row a day and campaign; cost per acquisition and return on ad spend of that day
SELECT customer_id,
       currency,
       date,
       campaign_id,
       max(campaign_name) AS campaign,
       max(campaign_status) AS status,
       initcap(replace(max(channel_type), '_', ' ')) AS channel,
       sum(impressions)::bigint AS impressions,
       sum(clicks)::bigint AS clicks,
       sum(cost) AS spend,
       sum(conversions) AS conversions,
       sum(conversions_value) AS conversion_value,
       round(sum(cost) / nullif(sum(conversions), 0), 2) AS cpa,
       round(sum(conversions_value) / nullif(sum(cost), 0), 2) AS roas
FROM {source}.campaign_performance
GROUP BY customer_id, currency, date, campaign_id`;

const daily = `-- money of different currencies is never added up; is_main marks the one with the most clicks
WITH days AS (
  SELECT currency,
         date,
         sum(impressions)::bigint AS impressions,
         sum(clicks)::bigint AS clicks,
         sum(spend) AS spend,
         sum(conversions) AS conversions,
         sum(conversion_value) AS conversion_value
  FROM {source}_campaigns_daily
  GROUP BY currency, date
), main AS (
  SELECT currency FROM days GROUP BY currency ORDER BY sum(clicks) DESC, currency LIMIT 1
)
SELECT days.*,
       round(spend / nullif(conversions, 0), 2) AS cpa,
       round(conversion_value / nullif(spend, 0), 2) AS roas,
       days.currency = main.currency AS is_main
FROM days CROSS JOIN main`;

const devicesDaily = `SELECT currency,
       date,
       initcap(replace(device, '_', ' ')) AS device,
       sum(clicks)::bigint AS clicks,
       sum(cost) AS spend,
       sum(conversions) AS conversions,
       sum(conversions_value) AS conversion_value
FROM {source}.campaign_performance
GROUP BY currency, date, device`;

const searchTerms = `-- what people searched for in the last 28 days there are
SELECT customer_id,
       currency,
       campaign_id,
       ad_group_id,
       search_term,
       max(campaign_name) AS campaign,
       max(ad_group_name) AS ad_group,
       bool_or(search_term_status = 'ADDED') AS is_keyword,
       sum(impressions)::bigint AS impressions,
       sum(clicks)::bigint AS clicks,
       sum(cost) AS spend,
       sum(conversions) AS conversions,
       sum(conversions_value) AS conversion_value,
       round(sum(cost) / nullif(sum(conversions), 0), 2) AS cpa
FROM {source}.search_terms
WHERE date > (SELECT max(date) - 28 FROM {source}.search_terms)
GROUP BY customer_id, currency, campaign_id, ad_group_id, search_term`;

/** The last 28 days there are, beside the 28 before them. */
const figure = (name: string, expression: (filter: string) => string): string => `WITH days AS (
  SELECT *, max(date) OVER () AS last FROM {source}_daily WHERE is_main
)
SELECT ${expression('date > last - 28')} AS ${name},
       ${expression('date <= last - 28 AND date > last - 56')} AS ${name}_before
FROM days`;

const total = (column: string) => (filter: string) => `sum(${column}) FILTER (WHERE ${filter})`;

const ratio = (above: string, below: string) => (filter: string) =>
  `round(${total(above)(filter)} / nullif(${total(below)(filter)}, 0), 2)`;

const subtitle = 'Last 28 days, against the 28 before';

const overviewCharts: ChartInput[] = [
  chart({
    title: 'Spend',
    type: 'kpi',
    sql: figure('spend', total('spend')),
    options: { format: 'number', subtitle },
    layout: { x: 0, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Conversions',
    type: 'kpi',
    sql: figure('conversions', total('conversions')),
    options: { format: 'number', subtitle },
    layout: { x: 3, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'CPA',
    type: 'kpi',
    sql: figure('cpa', ratio('spend', 'conversions')),
    options: { format: 'number', subtitle: 'Spend for one conversion' },
    layout: { x: 6, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'ROAS',
    type: 'kpi',
    sql: figure('roas', ratio('conversion_value', 'spend')),
    options: { format: 'number', unit: '×', subtitle: 'Conversion value for what was spent' },
    layout: { x: 9, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Spend and conversion value',
    type: 'line',
    sql: 'SELECT date, spend, conversion_value FROM {source}_daily WHERE is_main ORDER BY date',
    options: { x: 'date', y: ['spend', 'conversion_value'], format: 'number' },
    layout: { x: 0, y: 2, w: 8, h: 5 },
  }),
  chart({
    title: 'Spend by device',
    type: 'pie',
    sql: `SELECT device, sum(spend) AS spend
FROM {source}_devices_daily
WHERE currency = (SELECT currency FROM {source}_daily WHERE is_main LIMIT 1)
  AND date > (SELECT max(date) - 28 FROM {source}_devices_daily)
GROUP BY device
ORDER BY spend DESC`,
    options: { x: 'device', y: ['spend'], format: 'number', subtitle: 'Last 28 days' },
    layout: { x: 8, y: 2, w: 4, h: 5 },
  }),
  chart({
    title: 'CPA by day',
    type: 'line',
    sql: 'SELECT date, cpa FROM {source}_daily WHERE is_main ORDER BY date',
    options: {
      x: 'date',
      y: ['cpa'],
      format: 'number',
      subtitle: 'Falls for days whose conversions are still counted',
    },
    layout: { x: 0, y: 7, w: 6, h: 4 },
  }),
  chart({
    title: 'ROAS by day',
    type: 'line',
    sql: 'SELECT date, roas FROM {source}_daily WHERE is_main ORDER BY date',
    options: {
      x: 'date',
      y: ['roas'],
      format: 'number',
      subtitle: 'Rises for days whose conversions are still counted',
    },
    layout: { x: 6, y: 7, w: 6, h: 4 },
  }),
  chart({
    title: 'Campaigns',
    type: 'table',
    sql: `SELECT max(campaign) AS campaign,
       max(channel) AS channel,
       max(status) AS status,
       currency,
       sum(spend) AS spend,
       sum(clicks)::bigint AS clicks,
       sum(conversions) AS conversions,
       round(sum(spend) / nullif(sum(conversions), 0), 2) AS cpa,
       round(sum(conversion_value) / nullif(sum(spend), 0), 2) AS roas
FROM {source}_campaigns_daily
WHERE date > (SELECT max(date) - 28 FROM {source}_campaigns_daily)
GROUP BY customer_id, currency, campaign_id
ORDER BY spend DESC`,
    options: { subtitle: 'Last 28 days' },
    layout: { x: 0, y: 11, w: 12, h: 6 },
  }),
];

const searchCharts: ChartInput[] = [
  chart({
    title: 'Clicks by search term',
    type: 'hbar',
    sql: `SELECT search_term, sum(clicks)::bigint AS clicks
FROM {source}_search_terms GROUP BY search_term ORDER BY clicks DESC LIMIT 15`,
    options: { x: 'search_term', y: ['clicks'], format: 'integer', subtitle: 'Last 28 days' },
    layout: { x: 0, y: 0, w: 6, h: 6 },
  }),
  chart({
    title: 'Spend without a conversion',
    type: 'table',
    sql: `SELECT search_term, campaign, currency, clicks, spend
FROM {source}_search_terms WHERE conversions = 0 AND spend > 0 ORDER BY spend DESC LIMIT 100`,
    options: { subtitle: 'Candidates for negative keywords' },
    layout: { x: 6, y: 0, w: 6, h: 6 },
  }),
  chart({
    title: 'Search terms that are no keywords yet',
    type: 'table',
    sql: `SELECT search_term, campaign, ad_group, currency, clicks, spend, conversions, cpa
FROM {source}_search_terms WHERE NOT is_keyword ORDER BY conversions DESC, clicks DESC LIMIT 200`,
    options: { subtitle: 'Candidates for keywords, those with most conversions first' },
    layout: { x: 0, y: 6, w: 12, h: 6 },
  }),
];

export const googleAdsTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'overview',
    title: 'Google Ads',
    description:
      'What was spent, what a conversion cost, and what came back for it, by day, campaign and device.',
    streams: ['campaign_performance'],
    models: [
      {
        name: '{source}_campaigns_daily',
        sql: campaignsDaily,
        indexes: [{ columns: ['customer_id', 'date', 'campaign_id'], unique: true }],
        guards: [
          { kind: 'unique', columns: ['customer_id', 'date', 'campaign_id'], severity: 'block' },
          { kind: 'not_null', columns: ['spend'], severity: 'block' },
          { kind: 'range', columns: ['roas'], min: 0, max: 1_000, severity: 'warn' },
        ],
      },
      {
        name: '{source}_daily',
        sql: daily,
        indexes: [{ columns: ['currency', 'date'], unique: true }],
        guards: [{ kind: 'unique', columns: ['currency', 'date'], severity: 'block' }],
      },
      {
        name: '{source}_devices_daily',
        sql: devicesDaily,
        indexes: [{ columns: ['currency', 'date', 'device'], unique: true }],
      },
    ],
    dashboards: [
      {
        name: 'Google Ads',
        description: 'Spend, CPA and ROAS. Conversions of the last 30 days may still grow.',
        charts: overviewCharts,
      },
    ],
  },
  {
    name: 'search-terms',
    title: 'Search terms',
    description:
      'What people searched for before they clicked, what it cost and which searches brought nothing.',
    streams: ['search_terms'],
    models: [
      {
        name: '{source}_search_terms',
        sql: searchTerms,
        indexes: [{ columns: ['customer_id', 'ad_group_id', 'search_term'], unique: true }],
        guards: [
          { kind: 'unique', columns: ['customer_id', 'ad_group_id', 'search_term'], severity: 'block' },
        ],
      },
    ],
    dashboards: [
      {
        name: 'Search terms',
        description: 'Searches of the last 28 days; Google does not tell rare ones.',
        charts: searchCharts,
      },
    ],
  },
];
