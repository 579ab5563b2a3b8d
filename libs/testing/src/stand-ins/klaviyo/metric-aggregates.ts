/** How often a metric happened, to how many people and what it was worth, by days of a zone. */
import { localDate } from '../../market';
import type { VendorRequest } from '../stand-in';
import { badField } from './errors';
import type { EventBook } from './events';
import { parseFilter } from './filter';
import { attributesOf, metricNameOf, strings, yearLength } from './report-request';
import type { World } from './world';
import { startOfDay } from './zone';

const measurements = ['count', 'sum_value', 'unique'];

/** A time range in the strings of `filter`, half-open, epoch milliseconds. */
const rangeOf = (filters: string[]): [from: number, to: number] => {
  const conditions = filters.flatMap((text) =>
    parseFilter(text, { datetime: ['greater-or-equal', 'less-than'] }),
  );
  const at = (operator: string): number => {
    const value = conditions.find((condition) => condition.operator === operator)?.value;
    if (value === undefined)
      throw badField('/data/attributes/filter', `A time range is required: ${operator}(datetime,…).`);
    return Date.parse(String(value));
  };
  const [from, to] = [at('greater-or-equal'), at('less-than')];
  if (to <= from) throw badField('/data/attributes/filter', 'The time range ends before it begins.');
  if (to - from > yearLength)
    throw badField('/data/attributes/filter', 'The time range must not exceed one year.');
  return [from, to];
};

const nextDate = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

export interface DayOfMetric {
  date: string;
  /** Epoch milliseconds. */
  begins: number;
  count: number;
  unique: number;
  sum_value: number;
}

export const daysOfMetric = (
  book: EventBook,
  metric: string,
  from: number,
  to: number,
  timeZone: string,
): DayOfMetric[] => {
  const days: DayOfMetric[] = [];
  let date = localDate(new Date(from), timeZone);
  while (startOfDay(date, timeZone) < to) {
    const [begins, ends] = [startOfDay(date, timeZone), startOfDay(nextDate(date), timeZone)];
    const events = book
      .between(Math.max(begins, from), Math.min(ends, to))
      .filter((event) => event.metric === metric);
    const sum = events.reduce((total, { value }) => total + Number(value ?? 0), 0);
    const unique = new Set(events.map(({ profileId }) => profileId)).size;
    days.push({ date, begins, count: events.length, unique, sum_value: Math.round(sum * 1e6) / 1e6 });
    date = nextDate(date);
  }
  return days;
};

export const answerMetricAggregates = (
  world: World,
  book: EventBook,
  request: VendorRequest,
  url: string,
): unknown => {
  const attributes = attributesOf(request, 'metric-aggregate', [
    'metric_id', 'page_cursor', 'measurements', 'interval', 'page_size', 'by', 'return_fields', 'filter', 'timezone', 'sort',
  ]); // prettier-ignore
  const metric = metricNameOf(world, attributes['metric_id'], '/data/attributes/metric_id');
  const asked = strings(attributes['measurements'], '/data/attributes/measurements');
  const unknown = asked.find((name) => !measurements.includes(name));
  if (unknown) throw badField('/data/attributes/measurements', `'${unknown}' is not a valid measurement.`);
  if ((attributes['interval'] ?? 'day') !== 'day')
    throw badField('/data/attributes/interval', 'The sandbox counts by day only.');
  if (attributes['by'] !== undefined) throw badField('/data/attributes/by', 'The sandbox does not group.');
  const timeZone = String(attributes['timezone'] ?? 'UTC');
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch {
    throw badField('/data/attributes/timezone', `'${timeZone}' is not a valid timezone.`);
  }
  const [from, to] = rangeOf(strings(attributes['filter'], '/data/attributes/filter'));
  const days = daysOfMetric(book, metric, from, to, timeZone);
  const id = `aggregate-${String(attributes['metric_id'])}`;
  return {
    data: {
      type: 'metric-aggregate',
      id,
      attributes: {
        dates: days.map(({ begins }) => new Date(begins).toISOString().replace('.000Z', '+00:00')),
        data: [
          {
            dimensions: [],
            measurements: Object.fromEntries(
              asked.map((name) => [name, days.map((day) => day[name as keyof DayOfMetric])]),
            ),
          },
        ],
      },
      links: { self: `${url}/api/metric-aggregates/${id}` },
    },
    links: { self: `${url}/api/metric-aggregates`, next: null, prev: null },
  };
};
