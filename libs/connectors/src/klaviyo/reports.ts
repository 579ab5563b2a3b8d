/** What Klaviyo counts itself: metrics by day, and how campaigns did. */
import { FreshetError } from '@freshet/contracts';
import type { MetricsApi, ReportingApi } from 'klaviyo-api';
import { byDays, streamDefaults } from '../kit/api/api-stream';
import { dateAt, spanOf, startOfDay, zoneOf } from './account-days';
import { attributionDays, type Config, type KlaviyoStream } from './config';
import {
  ask,
  changedMeanwhile,
  endpoints,
  nextCursor,
  pagesOf,
  type Asking,
  type Resource,
} from './klaviyo-api';
import { at, readMetrics } from './whole-lists';

const allMetrics = async (asking: Asking): Promise<Resource[]> => {
  const found: Resource[] = [];
  for await (const { document } of pagesOf((cursor) => readMetrics(asking, cursor)))
    found.push(...document.data);
  return found;
};

interface MetricDays {
  metricId: string;
  metricName: unknown;
  /** Each a moment: the beginning of a day. */
  dates: string[];
  measurements: Partial<Record<'count' | 'sum_value' | 'unique', (number | string)[]>>;
}

interface Aggregate {
  attributes: { dates: string[]; data: { measurements: MetricDays['measurements'] }[] };
}

/** `3.0` as Klaviyo writes counts, when it came as text. */
const whole = (count: number | string | undefined): string | undefined =>
  count === undefined ? undefined : String(count).replace(/\.0+$/, '');

export const metricAggregates: KlaviyoStream<MetricDays> = {
  ...streamDefaults,
  // Klaviyo counts over a year at most.
  ...byDays({ days: 30, mostDays: 180 }),
  name: 'metric_aggregates',
  description: 'One row a metric and day: how often it happened, to how many people, and what it was worth.',
  key: ['date', 'metric_id'],
  lookbackDays: attributionDays,
  provisionalDays: attributionDays,
  columns: [
    { name: 'date', type: 'date' },
    { name: 'metric_id', type: 'text' },
    { name: 'metric_name', type: 'text' },
    { name: 'count', type: 'bigint' },
    { name: 'unique_count', type: 'bigint' },
    { name: 'sum_value', type: 'numeric' },
    { name: 'currency', type: 'text' },
  ],
  async *pages({ credentials, slice, account }, context) {
    const { from, to } = spanOf(slice, account);
    const asking = { credentials, context };
    const metrics = await allMetrics(asking);
    for (const [place, metric] of metrics.entries()) {
      const { data } = await ask<MetricsApi, Aggregate>(
        asking,
        endpoints.metricAggregates,
        (library) => library.MetricsApi,
        (api) =>
          api.queryMetricAggregates({
            data: {
              type: 'metric-aggregate',
              attributes: {
                metricId: metric.id,
                measurements: ['count', 'sum_value', 'unique'],
                interval: 'day',
                timezone: zoneOf(account),
                filter: [
                  `greater-or-equal(datetime,${from.toISOString()})`,
                  `less-than(datetime,${to.toISOString()})`,
                ],
              },
            },
          }),
      );
      const { dates, data: rows } = data.attributes;
      const body = {
        metricId: metric.id,
        metricName: metric.attributes['name'],
        dates,
        measurements: rows[0]?.measurements ?? {},
      };
      yield { body, progress: (place + 1) / metrics.length };
    }
  },
  rows: ({ metricId, metricName, dates, measurements: { count, unique, sum_value } }, { account }) =>
    dates.map((date, place) => ({
      date: dateAt(new Date(date), zoneOf(account)),
      metric_id: metricId,
      metric_name: metricName,
      count: whole(count?.[place]),
      unique_count: whole(unique?.[place]),
      sum_value: sum_value?.[place],
      currency: account?.currency,
    })),
};

const counts = [
  'recipients', 'delivered', 'bounced', 'opens', 'opens_unique', 'clicks', 'clicks_unique', 'conversions', 'conversion_uniques',
  'unsubscribes', 'spam_complaints',
] as const; // prettier-ignore
const rates = ['open_rate', 'click_rate', 'bounce_rate', 'conversion_rate', 'delivery_rate'] as const;

interface CampaignResult {
  groupings: Record<string, string>;
  statistics: Record<string, unknown>;
}

/** Null in an account where nothing has ever happened. Throws `source_refused` when there is no such metric among others. */
const conversionMetric = async (
  { conversionMetric: chosen }: Config,
  asking: Asking,
): Promise<string | null> => {
  const metrics = await allMetrics(asking);
  if (metrics.length === 0) return null;
  const found = metrics.find(({ id, attributes }) =>
    chosen ? id === chosen : attributes['name'] === 'Placed Order',
  );
  if (found) return found.id;
  throw new FreshetError('source_refused', 'Klaviyo has no such metric to count conversions by.', {
    action: 'Choose a conversion metric in the source’s settings, or turn this stream off.',
  });
};

const daysReported = 365;

const daysBefore = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);

/** One request gives every campaign of a year, so that the 225 reports a day last; what left the year stays in the table. */
export const campaignValues: KlaviyoStream<CampaignResult[]> = {
  ...streamDefaults,
  name: 'campaign_values',
  description: 'One row a campaign message of the last year: how many it reached, and what came of it.',
  key: ['campaign_id', 'campaign_message_id', 'send_channel'],
  lookbackDays: attributionDays,
  provisionalDays: attributionDays,
  columns: [
    { name: 'campaign_id', type: 'text' },
    { name: 'campaign_message_id', type: 'text' },
    { name: 'send_channel', type: 'text' },
    ...counts.map((name) => ({ name, type: 'bigint' }) as const),
    { name: 'conversion_value', type: 'numeric' },
    ...rates.map((name) => ({ name, type: 'double' }) as const),
    { name: 'currency', type: 'text' },
  ],
  async *pages({ config, credentials, account }, context) {
    const asking = { credentials, context };
    const conversionMetricId = await conversionMetric(config, asking);
    if (conversionMetricId === null) return;
    const end = context.now();
    const start = startOfDay(daysBefore(dateAt(end, zoneOf(account)), daysReported - 1), zoneOf(account));
    let before = '';
    for (let cursor: string | undefined; ;) {
      const { data, links } = await ask<ReportingApi, { attributes: { results: CampaignResult[] } }>(
        asking,
        endpoints.campaignValues,
        (library) => library.ReportingApi,
        (api) =>
          api.queryCampaignValues(
            {
              data: {
                type: 'campaign-values-report',
                attributes: {
                  statistics: [...counts, 'conversion_value', ...rates],
                  timeframe: { start, end },
                  conversionMetricId,
                },
              },
            },
            at(cursor),
          ),
      );
      const { results } = data.attributes;
      const ids = results.map(({ groupings }) => groupings['campaign_message_id']).join();
      if (ids !== '' && ids === before) throw changedMeanwhile('gave the same page twice');
      before = ids;
      const next = nextCursor({ ...(links && { links }) });
      yield { body: results };
      if (next === null) return;
      cursor = next;
    }
  },
  rows: (results, { account }) =>
    results.map(({ groupings, statistics }) => ({
      ...groupings,
      ...statistics,
      ...Object.fromEntries(
        counts.map((name) => [name, whole(statistics[name] as number | string | undefined)]),
      ),
      currency: account?.currency,
    })),
};
