/** Amazon's search query performance: which searches find, click and buy what, by article, keyword and brand. */
import type { ChartInput } from '@freshet/contracts';
import type { ConnectorTemplate } from '../kit/template';

type Chart = Pick<ChartInput, 'title' | 'type' | 'sql' | 'layout'> & Partial<Pick<ChartInput, 'options'>>;

const chart = (given: Chart): ChartInput => ({ params: [], options: {}, ...given });

const asinWeekly = `-- one row a week, marketplace and article; sales are in the marketplace's money
SELECT week,
       marketplace,
       asin,
       product_title,
       brand,
       impressions,
       clicks,
       cart_adds,
       purchases,
       sales,
       round(clicks::numeric / nullif(impressions, 0), 4) AS click_rate,
       round(purchases::numeric / nullif(clicks, 0), 4) AS purchase_rate
FROM {source}.asin_performance`;

const keywordWeekly = `-- totals are those of all sellers, and the same for each of our articles that a search shows
SELECT week,
       marketplace,
       search_query,
       max(search_query_volume) AS search_volume,
       max(total_impressions) AS total_impressions,
       max(total_clicks) AS total_clicks,
       max(total_purchases) AS total_purchases,
       sum(asin_impressions)::bigint AS our_impressions,
       sum(asin_clicks)::bigint AS our_clicks,
       sum(asin_purchases)::bigint AS our_purchases,
       round(sum(asin_clicks) / nullif(max(total_clicks), 0), 4) AS click_share,
       round(sum(asin_purchases) / nullif(max(total_purchases), 0), 4) AS purchase_share
FROM {source}.search_queries
GROUP BY week, marketplace, search_query`;

const brandWeekly = `SELECT week,
       marketplace,
       brand,
       count(DISTINCT search_query) AS searches,
       sum(asin_impressions)::bigint AS impressions,
       sum(asin_clicks)::bigint AS clicks,
       sum(asin_cart_adds)::bigint AS cart_adds,
       sum(asin_purchases)::bigint AS purchases,
       round(sum(asin_purchases) / nullif(sum(asin_clicks), 0), 4) AS purchase_rate
FROM {source}.search_queries
GROUP BY week, marketplace, brand`;

/** The last four weeks there are, beside the four before them. */
const figure = (
  model: string,
  name: string,
  expression: (filter: string) => string,
): string => `WITH weeks AS (
  SELECT *, max(week) OVER () AS last FROM ${model}
)
SELECT ${expression('week > last - 28')} AS ${name},
       ${expression('week <= last - 28 AND week > last - 56')} AS ${name}_before
FROM weeks`;

const total = (column: string, filter: string): string => `sum(${column}) FILTER (WHERE ${filter})`;
const share = (part: string, whole: string) => (filter: string) =>
  `round(${total(part, filter)} / nullif(${total(whole, filter)}, 0), 4)`;

const last4 = (model: string): string => `week > (SELECT max(week) - 28 FROM ${model})`;
const subtitle = 'Last four weeks, against the four before';
const recent = 'Last four weeks';

const charts: ChartInput[] = [
  chart({
    title: 'Purchases from searches',
    type: 'kpi',
    sql: figure('{source}_brand_weekly', 'purchases', (filter) => `${total('purchases', filter)}::bigint`),
    options: { format: 'integer', subtitle },
    layout: { x: 0, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Share of clicks',
    type: 'kpi',
    sql: figure('{source}_keyword_weekly', 'click_share', share('our_clicks', 'total_clicks')),
    options: { format: 'percent', subtitle: 'Of all sellers’ clicks on our searches' },
    layout: { x: 3, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Share of purchases',
    type: 'kpi',
    sql: figure('{source}_keyword_weekly', 'purchase_share', share('our_purchases', 'total_purchases')),
    options: { format: 'percent', subtitle: 'Of all sellers’ purchases on our searches' },
    layout: { x: 6, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Purchase rate',
    type: 'kpi',
    sql: figure('{source}_asin_weekly', 'purchase_rate', share('purchases', 'clicks')),
    options: { format: 'percent', subtitle: 'Purchases for each click' },
    layout: { x: 9, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Purchases by brand',
    type: 'stacked',
    sql: `SELECT week, brand, sum(purchases)::bigint AS purchases
FROM {source}_brand_weekly GROUP BY week, brand ORDER BY week, brand`,
    options: { x: 'week', y: ['purchases'], series: 'brand', format: 'integer' },
    layout: { x: 0, y: 2, w: 8, h: 5 },
  }),
  chart({
    title: 'Clicks by brand',
    type: 'pie',
    sql: `SELECT brand, sum(clicks)::bigint AS clicks
FROM {source}_brand_weekly WHERE ${last4('{source}_brand_weekly')} GROUP BY brand ORDER BY clicks DESC`,
    options: { x: 'brand', y: ['clicks'], format: 'integer', subtitle: recent },
    layout: { x: 8, y: 2, w: 4, h: 5 },
  }),
  chart({
    title: 'Searches that sell',
    type: 'hbar',
    sql: `SELECT search_query, sum(our_purchases)::bigint AS purchases
FROM {source}_keyword_weekly WHERE ${last4('{source}_keyword_weekly')}
GROUP BY search_query ORDER BY purchases DESC, search_query LIMIT 15`,
    options: { x: 'search_query', y: ['purchases'], format: 'integer', subtitle: recent },
    layout: { x: 0, y: 7, w: 6, h: 6 },
  }),
  chart({
    title: 'Shares by week',
    type: 'line',
    sql: `SELECT week,
       round(sum(our_clicks) / nullif(sum(total_clicks), 0), 4) AS click_share,
       round(sum(our_purchases) / nullif(sum(total_purchases), 0), 4) AS purchase_share
FROM {source}_keyword_weekly GROUP BY week ORDER BY week`,
    options: { x: 'week', y: ['click_share', 'purchase_share'], format: 'percent' },
    layout: { x: 6, y: 7, w: 6, h: 6 },
  }),
  chart({
    title: 'Keywords',
    type: 'table',
    sql: `SELECT search_query,
       marketplace,
       sum(search_volume)::bigint AS search_volume,
       sum(our_clicks)::bigint AS clicks,
       sum(our_purchases)::bigint AS purchases,
       round(100 * sum(our_clicks) / nullif(sum(total_clicks), 0), 1) AS click_share_percent,
       round(100 * sum(our_purchases) / nullif(sum(total_purchases), 0), 1) AS purchase_share_percent
FROM {source}_keyword_weekly WHERE ${last4('{source}_keyword_weekly')}
GROUP BY search_query, marketplace ORDER BY search_volume DESC, search_query LIMIT 200`,
    options: { subtitle: recent },
    layout: { x: 0, y: 13, w: 12, h: 6 },
  }),
  chart({
    title: 'Articles',
    type: 'table',
    sql: `SELECT asin,
       max(product_title) AS product,
       max(brand) AS brand,
       marketplace,
       sum(impressions)::bigint AS impressions,
       sum(clicks)::bigint AS clicks,
       sum(purchases)::bigint AS purchases,
       round(100 * sum(purchases) / nullif(sum(clicks), 0), 1) AS purchase_percent,
       sum(sales) AS sales
FROM {source}_asin_weekly WHERE ${last4('{source}_asin_weekly')}
GROUP BY asin, marketplace ORDER BY purchases DESC, asin`,
    options: { subtitle: 'Last four weeks; sales in the marketplace’s money' },
    layout: { x: 0, y: 19, w: 12, h: 6 },
  }),
];

const keyed = (name: string, sql: string, key: string[]): ConnectorTemplate['models'][number] => ({
  name,
  sql,
  indexes: [{ columns: key, unique: true }],
  guards: [{ kind: 'unique', columns: key, severity: 'block' }],
});

export const bigQueryTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'search-query-performance',
    title: 'Search query performance',
    description: 'Which searches on Amazon find, click and buy what, by article, keyword and brand.',
    streams: ['asin_performance', 'search_queries'],
    models: [
      keyed('{source}_asin_weekly', asinWeekly, ['week', 'marketplace', 'asin']),
      keyed('{source}_keyword_weekly', keywordWeekly, ['week', 'marketplace', 'search_query']),
      keyed('{source}_brand_weekly', brandWeekly, ['week', 'marketplace', 'brand']),
    ],
    dashboards: [
      {
        name: 'Search query performance',
        description: 'By week, as Amazon publishes it. The last two weeks may still change.',
        charts,
      },
    ],
  },
];
