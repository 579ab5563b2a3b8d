/** What the demo organization works with: real datasets of vega-datasets, models on them and on each other, two dashboards. */
import type { BodyOf } from '@freshet/contracts';

interface DemoSource {
  slug: string;
  name: string;
  file: string;
  key?: string[];
  mode?: 'upsert' | 'replace-all';
}

/** Slugs are the first part of the tables' names, files the second: `markets.stocks`. */
export const demoSources: DemoSource[] = [
  { slug: 'markets', name: 'Stock prices', file: 'stocks.csv', key: ['symbol', 'date'] },
  { slug: 'climate', name: 'Weather stations', file: 'weather.csv', key: ['location', 'date'] },
  { slug: 'aviation', name: 'Flights', file: 'flights.ndjson' },
  { slug: 'geography', name: 'Airports', file: 'airports.csv', key: ['iata'] },
];

export const demoModels: BodyOf<'createModel'>[] = [
  {
    name: 'monthly_prices',
    sql: `SELECT symbol,
       date AS month,
       price,
       round(100 * (price / first_value(price) OVER w - 1), 1) AS growth_percent
FROM markets.stocks
WINDOW w AS (PARTITION BY symbol ORDER BY date)
ORDER BY symbol, month`,
    indexes: [{ columns: ['symbol', 'month'], unique: true }],
    guards: [{ kind: 'not_null', columns: ['price'] }],
  },
  {
    name: 'yearly_prices',
    sql: `-- reads another model: it is refreshed after monthly_prices, and only when that one changed
SELECT symbol,
       extract(year FROM month)::int AS year,
       round(avg(price), 2) AS average_price,
       min(price) AS lowest,
       max(price) AS highest
FROM monthly_prices
GROUP BY symbol, extract(year FROM month)
ORDER BY symbol, year`,
    indexes: [{ columns: ['symbol', 'year'], unique: true }],
  },
  {
    name: 'monthly_weather',
    sql: `SELECT location,
       date_trunc('month', date)::date AS month,
       round(avg(temp_max), 1) AS warmest,
       round(avg(temp_min), 1) AS coldest,
       round(sum(precipitation), 1) AS rain_mm,
       count(*) FILTER (WHERE weather = 'sun') AS sunny_days,
       count(*) AS days
FROM climate.weather
GROUP BY location, date_trunc('month', date)
ORDER BY location, month`,
    indexes: [{ columns: ['location', 'month'], unique: true }],
  },
  {
    name: 'airport_delays',
    sql: `-- on two sources: waits until both have been synced, then is refreshed once
SELECT a.iata,
       a.name AS airport,
       a.city,
       a.state,
       count(*) AS departures,
       round(avg(f.delay), 1) AS average_delay,
       round(100.0 * count(*) FILTER (WHERE f.delay > 15) / count(*), 1) AS late_percent
FROM aviation.flights f
JOIN geography.airports a ON a.iata = f.origin
GROUP BY a.iata, a.name, a.city, a.state`,
    indexes: [{ columns: ['iata'], unique: true }],
  },
  {
    name: 'state_delays',
    sql: `SELECT state,
       sum(departures)::bigint AS departures,
       round(sum(average_delay * departures) / sum(departures), 1) AS average_delay
FROM airport_delays
GROUP BY state
ORDER BY departures DESC`,
  },
  {
    name: 'daily_flights',
    sql: `SELECT date::date AS day,
       count(*) AS flights,
       round(avg(delay), 1) AS average_delay
FROM aviation.flights
GROUP BY date::date
ORDER BY day`,
    indexes: [{ columns: ['day'], unique: true }],
  },
];

export const demoDashboards: BodyOf<'createDashboard'>[] = [
  {
    name: 'Markets',
    slug: 'markets',
    description: 'Five technology stocks. Run npm run demo:tick and watch the lines grow.',
    charts: [
      {
        title: 'Latest month',
        type: 'kpi',
        sql: 'SELECT max(month) AS latest_month FROM monthly_prices',
        layout: { x: 0, y: 0, w: 3, h: 2 },
      },
      {
        title: 'Apple, price per share',
        type: 'kpi',
        sql: `SELECT price, lag(price) OVER (ORDER BY month) AS month_before
FROM monthly_prices WHERE symbol = 'AAPL' ORDER BY month DESC LIMIT 1`,
        options: { format: 'currency', currency: 'USD' },
        layout: { x: 3, y: 0, w: 3, h: 2 },
      },
      {
        title: 'Prices held',
        type: 'kpi',
        sql: 'SELECT count(*) AS prices FROM markets.stocks',
        options: { format: 'integer', subtitle: 'Rows of the synced table, read directly' },
        layout: { x: 6, y: 0, w: 3, h: 2 },
      },
      {
        title: 'Best since the beginning',
        type: 'kpi',
        sql: `SELECT growth_percent FROM monthly_prices
WHERE month = (SELECT max(month) FROM monthly_prices) ORDER BY growth_percent DESC LIMIT 1`,
        options: { unit: '%' },
        layout: { x: 9, y: 0, w: 3, h: 2 },
      },
      {
        title: 'Price by month',
        type: 'line',
        sql: 'SELECT month, symbol, price FROM monthly_prices ORDER BY month, symbol',
        options: { x: 'month', y: ['price'], series: 'symbol', format: 'currency', currency: 'USD' },
        layout: { x: 0, y: 2, w: 8, h: 5 },
      },
      {
        title: 'Average price by year',
        type: 'bar',
        sql: `SELECT year, symbol, average_price FROM yearly_prices WHERE symbol IN ('AAPL', 'AMZN', 'MSFT') ORDER BY year, symbol`,
        options: { x: 'year', y: ['average_price'], series: 'symbol', format: 'currency', currency: 'USD' },
        layout: { x: 8, y: 2, w: 4, h: 5 },
      },
      {
        title: 'All prices, newest first',
        type: 'table',
        sql: 'SELECT month, symbol, price, growth_percent FROM monthly_prices ORDER BY month DESC, symbol',
        layout: { x: 0, y: 7, w: 12, h: 5 },
      },
    ],
  },
  {
    name: 'Flights and weather',
    slug: 'flights_and_weather',
    description: 'Departures in the United States in early 2001, and two weather stations.',
    charts: [
      {
        title: 'Flights',
        type: 'kpi',
        sql: 'SELECT sum(flights)::bigint AS flights FROM daily_flights',
        options: { format: 'integer' },
        layout: { x: 0, y: 0, w: 4, h: 2 },
      },
      {
        title: 'Average delay',
        type: 'kpi',
        sql: 'SELECT round(sum(average_delay * flights) / sum(flights), 1) AS minutes FROM daily_flights',
        options: { unit: 'min' },
        layout: { x: 4, y: 0, w: 4, h: 2 },
      },
      {
        title: 'Sunny days',
        type: 'kpi',
        sql: 'SELECT round(100.0 * sum(sunny_days) / sum(days), 1) AS share FROM monthly_weather',
        options: { unit: '%' },
        layout: { x: 8, y: 0, w: 4, h: 2 },
      },
      {
        title: 'Flights by day',
        type: 'line',
        sql: 'SELECT day, flights FROM daily_flights ORDER BY day',
        options: { format: 'integer' },
        layout: { x: 0, y: 2, w: 6, h: 4 },
      },
      {
        title: 'Average delay by state, minutes',
        type: 'bar',
        sql: 'SELECT state, average_delay FROM state_delays WHERE departures >= 100 ORDER BY average_delay DESC LIMIT 12',
        layout: { x: 6, y: 2, w: 6, h: 4 },
      },
      {
        title: 'Warmest hours by month, °C',
        type: 'line',
        sql: 'SELECT month, location, warmest FROM monthly_weather ORDER BY month, location',
        options: { x: 'month', y: ['warmest'], series: 'location' },
        layout: { x: 0, y: 6, w: 5, h: 4 },
      },
      {
        title: 'Airports with the longest delays',
        type: 'table',
        sql: `SELECT airport, state, departures, average_delay, late_percent
FROM airport_delays WHERE departures >= 20 ORDER BY average_delay DESC`,
        layout: { x: 5, y: 6, w: 7, h: 4 },
      },
    ],
  },
];
