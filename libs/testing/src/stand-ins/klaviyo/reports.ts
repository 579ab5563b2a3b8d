/** Klaviyo's two kinds of reports that are asked by POST: a metric's counts by day, and how campaigns did. */
import { dayNumber, localDate, restated, wholeBetween } from '../../market';
import type { VendorRequest } from '../stand-in';
import { badField, badParameter } from './errors';
import type { EventBook } from './events';
import { instantOf, parseFilter } from './filter';
import type { PageCursors } from './paging';
import { account, campaigns, metrics, type Campaign, type World } from './world';
import { startOfDay } from './zone';

/** Days for which a campaign's numbers still grow. */
export const attributionDays = 5;

type Attributes = Record<string, unknown>;

/** The attributes of `{data: {type, attributes}}`. */
const attributesOf = (request: VendorRequest, type: string, known: readonly string[]): Attributes => {
  let body: unknown;
  try {
    body = JSON.parse(request.body);
  } catch {
    throw badField('/data', 'The request body is no JSON.');
  }
  const data = (body as { data?: { type?: string; attributes?: Attributes } } | null)?.data;
  if (data?.type !== type) throw badField('/data/type', `The type must be '${type}'.`);
  const attributes = data.attributes ?? {};
  const unknown = Object.keys(attributes).find((name) => !known.includes(name));
  if (unknown)
    throw badField(
      `/data/attributes/${unknown}`,
      `'${unknown}' is not a valid field for the resource '${type}'.`,
    );
  return attributes;
};

const strings = (value: unknown, pointer: string): string[] => {
  if (!Array.isArray(value) || value.length === 0)
    throw badField(pointer, 'This field takes a list that is not empty.');
  return value.map(String);
};

const yearLength = 366 * 86_400_000;

const metricNameOf = (world: World, id: unknown, pointer: string): string => {
  const metric = metrics(world).find((found) => found.id === id);
  if (!metric) throw badField(pointer, `A metric with id '${String(id)}' does not exist.`);
  return String(metric.attributes['name']);
};

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

/** A campaign's numbers as Klaviyo shows them on a day; they grow until they are `attributionDays` old. */
export const statisticsOf = (world: World, campaign: Campaign, now: Date): Record<string, number> => {
  const { chance } = world;
  const { place, date, channel } = campaign;
  const today = localDate(now, account.timeZone);
  const grown = (final: number): number => restated(final, date, today, attributionDays);
  const recipients =
    channel === 'email'
      ? wholeBetween(chance('reached', place), 1_350, 2_200)
      : wholeBetween(chance('reached', place), 420, 760);
  const bounced = Math.round(recipients * 0.012 * chance('bounced', place));
  const delivered = recipients - bounced;
  const openRate = channel === 'email' ? 0.32 + 0.2 * chance('open', place) : 0;
  const opensUnique = grown(delivered * openRate);
  const clicksUnique = grown(delivered * (0.018 + 0.035 * chance('click', place)));
  const conversions = grown(delivered * (0.004 + 0.012 * chance('convert', place)));
  const value = Math.round(conversions * (38 + 46 * chance('basket', place)) * 100) / 100;
  return {
    recipients, delivered, bounced,
    opens: Math.round(opensUnique * 1.4), opens_unique: opensUnique,
    clicks: Math.round(clicksUnique * 1.25), clicks_unique: clicksUnique,
    conversions, conversion_uniques: conversions, conversion_value: value,
    unsubscribes: grown(delivered * 0.003), spam_complaints: grown(delivered * 0.0004),
    open_rate: opensUnique / delivered, click_rate: clicksUnique / delivered, bounce_rate: bounced / recipients,
    conversion_rate: conversions / delivered, delivery_rate: delivered / recipients,
    revenue_per_recipient: value / recipients, average_order_value: conversions ? value / conversions : 0,
  }; // prettier-ignore
};

const groupings = (campaign: Campaign): Record<string, string> => ({
  campaign_id: campaign.id,
  campaign_message_id: campaign.messageId,
  campaign_message_name: campaign.name,
  send_channel: campaign.channel,
});

const keyed: Record<string, number> = {
  today: 0, yesterday: 1, last_7_days: 7, last_30_days: 30, last_90_days: 90, last_3_months: 92, last_365_days: 365, last_12_months: 365,
}; // prettier-ignore

const timeframeOf = (timeframe: unknown, now: Date): [from: number, to: number] => {
  const { key, start, end } = (timeframe ?? {}) as { key?: string; start?: string; end?: string };
  const pointer = '/data/attributes/timeframe';
  if (key !== undefined) {
    const days = keyed[key];
    if (days === undefined) throw badField(pointer, `'${key}' is not a valid timeframe key.`);
    return [now.getTime() - days * 86_400_000, now.getTime()];
  }
  if (!start || !end) throw badField(pointer, 'A timeframe takes a key, or a start and an end.');
  const [from, to] = [Date.parse(instantOf(start)), Date.parse(instantOf(end))];
  if (to - from > yearLength) throw badField(pointer, 'The timeframe must not exceed one year.');
  return [from, to];
};

const reportPage = 100;

/** Sent ones within the range, oldest first. */
export const sentCampaigns = (world: World, now: Date, from: number, to: number): Campaign[] =>
  campaigns(world, now).filter(
    ({ sendTime }) => sendTime >= from && sendTime < to && sendTime <= now.getTime(),
  );

export const answerCampaignValues = (
  world: World,
  request: VendorRequest,
  now: Date,
  cursors: PageCursors,
  url: string,
): unknown => {
  const strange = [...request.query.keys()].find(
    (name) => name !== 'page_cursor' && !name.startsWith('fields['),
  );
  if (strange) throw badParameter(strange, `'${strange}' is not a valid query parameter.`);
  const attributes = attributesOf(request, 'campaign-values-report', [
    'statistics', 'timeframe', 'conversion_metric_id', 'group_by', 'filter',
  ]); // prettier-ignore
  const asked = strings(attributes['statistics'], '/data/attributes/statistics');
  metricNameOf(world, attributes['conversion_metric_id'], '/data/attributes/conversion_metric_id');
  const by =
    attributes['group_by'] === undefined
      ? ['campaign_id', 'campaign_message_id', 'send_channel']
      : strings(attributes['group_by'], '/data/attributes/group_by');
  if (!by.includes('campaign_id') || !by.includes('campaign_message_id')) {
    throw badField(
      '/data/attributes/group_by',
      'campaign_id and campaign_message_id are required group-bys.',
    );
  }
  const sent = sentCampaigns(world, now, ...timeframeOf(attributes['timeframe'], now));
  const query = request.body;
  const cursor = request.query.get('page_cursor');
  const after = cursor === null ? -1 : dayNumber(cursors.read(query, cursor).id);
  const rest = sent.filter(({ date }) => dayNumber(date) > after);
  const page = rest.slice(0, reportPage);
  const last = rest.length > reportPage ? page.at(-1) : undefined;
  const results = page.map((campaign) => {
    const all = statisticsOf(world, campaign, now);
    const groups = groupings(campaign);
    const unknown = asked.find((name) => !(name in all)) ?? by.find((name) => !(name in groups));
    if (unknown) throw badField('/data/attributes', `'${unknown}' is not known to the sandbox.`);
    return {
      groupings: Object.fromEntries(by.map((name) => [name, groups[name]])),
      statistics: Object.fromEntries(asked.map((name) => [name, all[name]])),
    };
  });
  const next =
    last &&
    `${url}${request.path}?page_cursor=${encodeURIComponent(cursors.write(query, { value: null, id: last.date }))}`;
  return {
    data: { type: 'campaign-values-report', attributes: { results } },
    links: { self: `${url}${request.path}`, next: next ?? null, prev: null },
  };
};
