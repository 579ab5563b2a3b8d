/** A report of Google Analytics as a stream: one day at a time, paged by offset, whole or not at all. */
import { FreshetError } from '@freshet/contracts';
import type { ApiRow } from '../kit/api/api-row';
import { byDays, type ApiRequest, type ApiStream, type PageOrigin } from '../kit/api/api-stream';
import type { Column, ColumnType } from '../kit/column';
import type { Page } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { runReport, type ReportRequest, type ReportResponse } from './analytics-client';
import type { GoogleAnalyticsConfig } from './config';

/** Google goes on correcting a day for about as long. */
export const settledAfterDays = 3;

/** Some ten megabytes of JSON; Google allows 250,000. */
const rowsAtOnce = 25_000;

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

const changed = (what: string): FreshetError =>
  new FreshetError('source_changed', `The report of Google Analytics changed while it was read: ${what}.`, {
    action: 'Nothing to do: these days are read again.',
  });

const namesOf = (headers: readonly { name?: string | null }[] | undefined): string =>
  (headers ?? []).map(({ name }) => name).join();

/** What was asked, so that an answer to something else is not taken for it. */
interface Asked {
  dimensions: readonly string[];
  metrics: readonly string[];
  /** `YYYYMMDD`, both included. */
  first: string;
  last: string;
}

const verifyAnswer = (report: ReportResponse, { dimensions, metrics, first, last }: Asked): void => {
  const { dimensionHeaders, metricHeaders, rows = [] } = report;
  if (namesOf(dimensionHeaders) !== dimensions.join() || namesOf(metricHeaders) !== metrics.join())
    throw changed('the answer has other fields than were asked for');
  for (const { dimensionValues = [], metricValues = [] } of rows) {
    if (dimensionValues.length !== dimensions.length || metricValues.length !== metrics.length)
      throw changed('a row is not whole');
    const date = dimensionValues[0]?.value ?? '';
    if (/^\d{8}$/.test(date) && (date < first || date > last))
      throw changed('it has rows of days that were not asked for');
  }
};

const compact = (date: string): string => date.replaceAll('-', '');

const lastDayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

const keyOf = (row: { dimensionValues?: { value?: string | null }[] } | undefined): string =>
  JSON.stringify((row?.dimensionValues ?? []).map(({ value }) => value));

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
  const currencyAt = metrics.includes('totalRevenue');

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
    /** Rows at the edges of the pages so far: one that comes again is a page that comes again. */
    const edges = new Set<string>();
    let [offset, total] = [0, 0];
    do {
      const page = await runReport(
        context,
        config.propertyId,
        { ...request, offset: String(offset) },
        (report) => {
          verifyAnswer(report, asked);
          const { rows = [], rowCount } = report;
          if (offset > 0 && (rowCount ?? 0) !== total) throw changed('it has more or fewer rows than before');
          if (offset + rows.length > (rowCount ?? 0)) throw changed('it has more rows than it says');
          if (rows.length === 0 && offset < (rowCount ?? 0)) throw changed('rows are missing');
          if (rows.length > 0 && edges.has(keyOf(rows[0]))) throw changed('a page came twice');
        },
      );
      const { rows = [], rowCount } = page;
      for (const edge of [rows[0], rows.at(-1)]) if (edge) edges.add(keyOf(edge));
      total = rowCount ?? 0;
      offset += rows.length;
      tellQuota(page, context);
      yield { body: archived(page), progress: total === 0 ? 1 : offset / total };
    } while (offset < total);
  };

  const rows = function* (
    { rows: found = [], metadata }: ReportResponse,
    { config }: PageOrigin<GoogleAnalyticsConfig>,
  ): Generator<ApiRow> {
    for (const { dimensionValues = [], metricValues = [] } of found) {
      const row: Record<string, unknown> = { property_id: config.propertyId };
      for (const [at, dimension] of dimensions.entries())
        row[columnName(dimension)] = dimensionValues[at]?.value;
      for (const [at, metric] of metrics.entries()) row[columnName(metric)] = metricValues[at]?.value;
      if (currencyAt) row['currency'] = metadata?.currencyCode;
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
