/** A report of Google Analytics as a stream: one day at a time, paged by offset, whole or not at all. */
import type { ApiRow } from '../kit/api/api-row';
import { byDays, type ApiRequest, type ApiStream, type PageOrigin } from '../kit/api/api-stream';
import type { Column, ColumnType } from '../kit/column';
import type { Page } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { runReport, type ReportRequest, type ReportResponse } from './analytics-client';
import type { GoogleAnalyticsConfig } from './config';
import { ReportPages, type Asked } from './verify-report';

/** Google goes on correcting a day for about as long. */
export const settledAfterDays = 3;

/** Some twenty megabytes of JSON; Google allows 250,000. */
const rowsAtOnce = 50_000;

interface ReportDefinition {
  name: string;
  description: string;
  /** Besides `date`. */
  dimensions: readonly string[];
  metrics: readonly string[];
}

const metricTypes: Readonly<Record<string, ColumnType>> = {
  // Credited by parts, and exact.
  keyEvents: 'numeric',
  totalRevenue: 'numeric',
  userEngagementDuration: 'numeric',
  eventsPerSession: 'double',
  engagementRate: 'double',
  eventCountPerUser: 'double',
  sessionsPerUser: 'double',
  averageSessionDuration: 'double',
  screenPageViewsPerSession: 'double',
  bounceRate: 'double',
};

const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const columnsOf = (dimensions: readonly string[], metrics: readonly string[]): Column[] => [
  { name: 'property_id', type: 'text' },
  ...dimensions.map((name): Column => ({ name: columnName(name), type: name === 'date' ? 'date' : 'text' })),
  ...metrics.map((name): Column => ({ name: columnName(name), type: metricTypes[name] ?? 'bigint' })),
  ...(metrics.includes('totalRevenue') ? [{ name: 'currency', type: 'text' } as const] : []),
];

const compact = (date: string): string => date.replaceAll('-', '');

const lastDayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** What an archive keeps: the quota is none of its business. */
const archived = ({ propertyQuota: _quota, ...page }: ReportResponse): ReportResponse => page;

const fewTokens = 1_000;

const tellQuota = ({ propertyQuota }: ReportResponse, context: ConnectorContext): void => {
  const { tokensPerDay, tokensPerHour, tokensPerProjectPerHour } = propertyQuota ?? {};
  const left = [tokensPerDay, tokensPerHour, tokensPerProjectPerHour].map(
    (quota) => quota?.remaining ?? Infinity,
  );
  const remaining = Math.min(...left);
  if (remaining < fewTokens) context.log.info({ remaining }, 'Few tokens of Google Analytics are left.');
};

export const reportStream = ({
  name,
  description,
  dimensions: others,
  metrics,
}: ReportDefinition): ApiStream<GoogleAnalyticsConfig, null, ReportResponse> => {
  const dimensions = ['date', ...others];
  const hasMoney = metrics.includes('totalRevenue');

  const pages = async function* (
    { config, slice }: ApiRequest<GoogleAnalyticsConfig, null>,
    context: ConnectorContext,
  ): AsyncGenerator<Page<ReportResponse>> {
    const from = slice.from ?? '';
    const last = lastDayBefore(slice.to ?? '');
    const asked: Asked = { dimensions, metrics, first: compact(from), last: compact(last) };
    const request: ReportRequest = {
      dimensions: dimensions.map((dimension) => ({ name: dimension })),
      metrics: metrics.map((metric) => ({ name: metric })),
      dateRanges: [{ startDate: from, endDate: last }],
      // Without an order, rows with equal numbers may change places between pages.
      orderBys: dimensions.map((dimensionName) => ({ dimension: { dimensionName } })),
      limit: String(rowsAtOnce),
      returnPropertyQuota: true,
    };
    const report = new ReportPages(asked);
    while (!report.isWhole) {
      const body = { ...request, offset: String(report.offset) };
      const page = await runReport(context, config.propertyId, body, (answer) => report.verify(answer));
      report.accept(page);
      tellQuota(page, context);
      yield { body: archived(page), progress: report.progress };
    }
  };

  const rows = function* (
    { rows: found = [], metadata }: ReportResponse,
    { config }: PageOrigin<GoogleAnalyticsConfig>,
  ): Generator<ApiRow> {
    for (const { dimensionValues = [], metricValues = [] } of found) {
      const row: Record<string, unknown> = { property_id: config.propertyId };
      for (const [at, dimension] of dimensions.entries())
        row[columnName(dimension)] = dimensionValues[at]?.value ?? '';
      for (const [at, metric] of metrics.entries()) row[columnName(metric)] = metricValues[at]?.value;
      if (hasMoney) row['currency'] = metadata?.currencyCode;
      yield row;
    }
  };

  return {
    name,
    description,
    key: ['property_id', ...dimensions.map(columnName)],
    columns: columnsOf(dimensions, metrics),
    // A report of one day is sampled last.
    ...byDays({ days: 1, mostDays: 1 }),
    lookbackDays: settledAfterDays,
    provisionalDays: settledAfterDays,
    pages,
    rows,
    warnings: warningsOf,
  };
};

/** One sentence each, always the same, so that it is told once and not for every day. */
export const warningsOf = ({ metadata }: ReportResponse): string[] => {
  const { samplingMetadatas = [], subjectToThresholding, dataLossFromOtherRow } = metadata ?? {};
  return [
    ...(samplingMetadatas.length > 0
      ? ['Google Analytics sampled these numbers: they are estimates, from a part of the events.']
      : []),
    ...(subjectToThresholding
      ? [
          'Google Analytics withholds rows about very few people: totals may be lower than in its own reports.',
        ]
      : []),
    ...(dataLossFromOtherRow
      ? [
          'Google Analytics put rare values together as “(other)”: there were too many different ones on a day.',
        ]
      : []),
  ];
};
