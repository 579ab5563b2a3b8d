/**
 * The demo's data: files of the npm package vega-datasets. Three of them are published little by little, as if the
 * world went on; their rows are real and whole, only dates are spelled as ISO 8601 so that a connector sees dates.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { workspace } from '../host/workspace.mjs';

export const packageFolder = path.join(workspace, 'node_modules/vega-datasets/data');

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Jan 1 2000` → `2000-01-01` */
export function isoDate(text) {
  const [month, day, year] = text.split(' ');
  return `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** `2001/01/01 06:55` → `2001-01-01T06:55:00` */
export const isoTime = (text) => `${text.replaceAll('/', '-').replace(' ', 'T')}:00`;

const csvRows = (file) => readFileSync(path.join(packageFolder, file), 'utf8').trim().split('\n').slice(1);

const byDate = (a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0);

/**
 * The files that grow. `header` is undefined for NDJSON; `rows` gives `{date: YYYY-MM-DD, line}` in order of date;
 * a tick publishes the rows of the next `datesPerTick` dates.
 */
export const growing = {
  'stocks.csv': {
    header: 'symbol,date,price',
    datesPerTick: 1,
    rows: () =>
      csvRows('stocks.csv')
        .map((row) => row.split(','))
        .map(([symbol, date, price]) => ({
          date: isoDate(date),
          line: `${symbol},${isoDate(date)},${price}`,
        }))
        .sort(byDate),
  },
  'weather.csv': {
    header: 'location,date,precipitation,temp_max,temp_min,wind,weather',
    datesPerTick: 7,
    rows: () =>
      csvRows('weather.csv')
        .map((line) => ({ date: line.split(',')[1], line }))
        .sort(byDate),
  },
  'flights.ndjson': {
    header: undefined,
    datesPerTick: 1,
    rows: () =>
      JSON.parse(readFileSync(path.join(packageFolder, 'flights-10k.json'), 'utf8'))
        .map((flight) => ({ ...flight, date: isoTime(flight.date) }))
        .map((flight) => ({ date: flight.date.slice(0, 10), line: JSON.stringify(flight) }))
        .sort(byDate),
  },
};

/** Files that are served just as the package has them. */
export const still = () =>
  readdirSync(packageFolder).filter((name) => /\.(csv|tsv|json)$/.test(name) && !(name in growing));
