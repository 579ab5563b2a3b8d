/** What publishers look at first: what their pages earned, who paid, how much was left unsold, and where readers were. */
import type { ChartInput } from '@freshet/contracts';
import type { ConnectorTemplate } from '../kit/template';

type Chart = Pick<ChartInput, 'title' | 'type' | 'sql' | 'layout'> & Partial<Pick<ChartInput, 'options'>>;

const chart = (given: Chart): ChartInput => ({ params: [], options: {}, ...given });

const channelsDaily = `-- one row a day and demand channel; money is in the network's currency
SELECT currency_code AS currency,
       date,
       demand_channel_name AS channel,
       sum(impressions)::bigint AS impressions,
       sum(clicks)::bigint AS clicks,
       sum(ad_requests)::bigint AS ad_requests,
       sum(unfilled_impressions)::bigint AS unfilled,
       sum(revenue) AS revenue,
       round(1000 * sum(revenue) / nullif(sum(impressions), 0), 4) AS ecpm
FROM {source}.revenue
GROUP BY currency_code, date, demand_channel_name`;

const daily = `SELECT currency,
       date,
       sum(impressions)::bigint AS impressions,
       sum(clicks)::bigint AS clicks,
       sum(ad_requests)::bigint AS ad_requests,
       sum(unfilled)::bigint AS unfilled,
       sum(revenue) AS revenue,
       round(1000 * sum(revenue) / nullif(sum(impressions), 0), 4) AS ecpm,
       round(sum(impressions) / nullif(sum(ad_requests), 0), 4) AS fill_rate
FROM {source}_channels_daily
GROUP BY currency, date`;

const adUnitsDaily = `SELECT currency_code AS currency,
       date,
       ad_unit_id,
       max(ad_unit_name) AS ad_unit,
       sum(impressions)::bigint AS impressions,
       sum(ad_requests)::bigint AS ad_requests,
       sum(revenue) AS revenue,
       round(1000 * sum(revenue) / nullif(sum(impressions), 0), 4) AS ecpm,
       round(sum(impressions) / nullif(sum(ad_requests), 0), 4) AS fill_rate
FROM {source}.revenue
GROUP BY currency_code, date, ad_unit_id`;

const countriesDaily = `SELECT currency_code AS currency,
       date,
       country_id,
       max(country_name) AS country,
       sum(impressions)::bigint AS impressions,
       sum(revenue) AS revenue
FROM {source}.geography
GROUP BY currency_code, date, country_id`;

const devicesDaily = `-- viewable: at least half of the ad was seen for a second
SELECT currency_code AS currency,
       date,
       device_category_name AS device,
       sum(impressions)::bigint AS impressions,
       sum(revenue) AS revenue,
       sum(active_view_measurable_impressions)::bigint AS measurable,
       sum(active_view_viewable_impressions)::bigint AS viewable,
       round(sum(active_view_viewable_impressions) / nullif(sum(active_view_measurable_impressions), 0), 4) AS viewable_rate
FROM {source}.inventory
GROUP BY currency_code, date, device_category_name`;

/** The last 28 days there are, beside the 28 before them. */
const figure = (name: string, expression: (filter: string) => string): string => `WITH days AS (
  SELECT *, max(date) OVER () AS last FROM {source}_daily
)
SELECT ${expression('date > last - 28')} AS ${name},
       ${expression('date <= last - 28 AND date > last - 56')} AS ${name}_before
FROM days`;

const total = (column: string, filter: string): string => `sum(${column}) FILTER (WHERE ${filter})`;

const ratio = (above: string, below: string, times: number) => (filter: string) =>
  `round(${times} * ${total(above, filter)} / nullif(${total(below, filter)}, 0), 4)`;

const subtitle = 'Last 28 days, against the 28 before';
const last28 = (model: string): string => `date > (SELECT max(date) - 28 FROM ${model})`;

const charts: ChartInput[] = [
  chart({
    title: 'Revenue',
    type: 'kpi',
    sql: figure('revenue', (filter) => total('revenue', filter)),
    options: { format: 'number', subtitle },
    layout: { x: 0, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Impressions',
    type: 'kpi',
    sql: figure('impressions', (filter) => `${total('impressions', filter)}::bigint`),
    options: { format: 'integer', subtitle },
    layout: { x: 3, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'eCPM',
    type: 'kpi',
    sql: figure('ecpm', ratio('revenue', 'impressions', 1_000)),
    options: { format: 'number', subtitle: 'Revenue for a thousand impressions' },
    layout: { x: 6, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Fill rate',
    type: 'kpi',
    sql: figure('fill_rate', ratio('impressions', 'ad_requests', 1)),
    options: { format: 'percent', subtitle: 'Impressions for what was requested' },
    layout: { x: 9, y: 0, w: 3, h: 2 },
  }),
  chart({
    title: 'Revenue by demand channel',
    type: 'stacked',
    sql: 'SELECT date, channel, revenue FROM {source}_channels_daily ORDER BY date, channel',
    options: { x: 'date', y: ['revenue'], series: 'channel', format: 'number' },
    layout: { x: 0, y: 2, w: 8, h: 5 },
  }),
  chart({
    title: 'Who paid',
    type: 'pie',
    sql: `SELECT channel, sum(revenue) AS revenue
FROM {source}_channels_daily
WHERE ${last28('{source}_channels_daily')}
GROUP BY channel
ORDER BY revenue DESC`,
    options: { x: 'channel', y: ['revenue'], format: 'number', subtitle: 'Last 28 days' },
    layout: { x: 8, y: 2, w: 4, h: 5 },
  }),
  chart({
    title: 'eCPM by day',
    type: 'line',
    sql: 'SELECT date, ecpm FROM {source}_daily ORDER BY date',
    options: { x: 'date', y: ['ecpm'], format: 'number' },
    layout: { x: 0, y: 7, w: 6, h: 4 },
  }),
  chart({
    title: 'Sold and unsold',
    type: 'area',
    sql: 'SELECT date, impressions, unfilled FROM {source}_daily ORDER BY date',
    options: { x: 'date', y: ['impressions', 'unfilled'], format: 'integer' },
    layout: { x: 6, y: 7, w: 6, h: 4 },
  }),
  chart({
    title: 'Revenue by country',
    type: 'hbar',
    sql: `SELECT country, sum(revenue) AS revenue
FROM {source}_countries_daily
WHERE ${last28('{source}_countries_daily')}
GROUP BY country
ORDER BY revenue DESC
LIMIT 12`,
    options: { x: 'country', y: ['revenue'], format: 'number', subtitle: 'Last 28 days' },
    layout: { x: 0, y: 11, w: 6, h: 5 },
  }),
  chart({
    title: 'Viewable impressions by device',
    type: 'bar',
    sql: `SELECT device, round(sum(viewable) / nullif(sum(measurable), 0), 4) AS viewable_rate
FROM {source}_devices_daily
WHERE ${last28('{source}_devices_daily')}
GROUP BY device
ORDER BY viewable_rate DESC`,
    options: { x: 'device', y: ['viewable_rate'], format: 'percent', subtitle: 'Last 28 days' },
    layout: { x: 6, y: 11, w: 6, h: 5 },
  }),
  chart({
    title: 'Ad units',
    type: 'table',
    sql: `SELECT max(ad_unit) AS ad_unit,
       currency,
       sum(revenue) AS revenue,
       sum(impressions)::bigint AS impressions,
       round(1000 * sum(revenue) / nullif(sum(impressions), 0), 2) AS ecpm,
       round(100 * sum(impressions) / nullif(sum(ad_requests), 0), 1) AS fill_percent
FROM {source}_ad_units_daily
WHERE ${last28('{source}_ad_units_daily')}
GROUP BY currency, ad_unit_id
ORDER BY revenue DESC`,
    options: { subtitle: 'Last 28 days' },
    layout: { x: 0, y: 16, w: 12, h: 6 },
  }),
];

const keyed = (name: string, sql: string, key: string[]): ConnectorTemplate['models'][number] => ({
  name,
  sql,
  indexes: [{ columns: key, unique: true }],
  guards: [
    { kind: 'unique', columns: key, severity: 'block' },
    { kind: 'not_null', columns: ['revenue'], severity: 'block' },
  ],
});

export const googleAdManagerTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'revenue',
    title: 'Ad Manager revenue',
    description:
      'What the pages earned, through which channel, how much was left unsold, and where readers were.',
    streams: ['revenue', 'geography', 'inventory'],
    models: [
      keyed('{source}_channels_daily', channelsDaily, ['currency', 'date', 'channel']),
      keyed('{source}_daily', daily, ['currency', 'date']),
      keyed('{source}_ad_units_daily', adUnitsDaily, ['currency', 'date', 'ad_unit_id']),
      keyed('{source}_countries_daily', countriesDaily, ['currency', 'date', 'country_id']),
      keyed('{source}_devices_daily', devicesDaily, ['currency', 'date', 'device']),
    ],
    dashboards: [
      {
        name: 'Ad Manager revenue',
        description:
          'Revenue, eCPM and fill, in the network’s currency. The last three days may still change.',
        charts,
      },
    ],
  },
];
