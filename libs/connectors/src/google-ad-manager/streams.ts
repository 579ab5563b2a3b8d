/** Ad Manager's streams: each is one kind of report, cut by days of the network. */
import { FreshetError } from '@freshet/contracts';
import { byDays, streamDefaults, type ApiStream } from '../kit/api/api-stream';
import type { Column, ColumnType } from '../kit/column';
import { AdManagerClient, type ReportWish } from './ad-manager-client';
import type { AdManagerConfig } from './google-ad-manager-connector';
import { runReport } from './report-job';

/** One page of a report's rows; `fields` are the names that the API has for them, so that an archived page explains itself. */
export interface ReportPage {
  fields: string[];
  /** Values in the order of `fields`, as exact text. */
  rows: (string | null)[][];
}

type Field = readonly [field: string, column: string, type: ColumnType];

const date: Field = ['DATE', 'date', 'date'];
const adUnit: readonly Field[] = [
  ['AD_UNIT_ID', 'ad_unit_id', 'text'],
  ['AD_UNIT_NAME', 'ad_unit_name', 'text'],
];
const country: readonly Field[] = [
  ['COUNTRY_ID', 'country_id', 'text'],
  ['COUNTRY_CODE', 'country_code', 'text'],
  ['COUNTRY_NAME', 'country_name', 'text'],
];
const delivered: readonly Field[] = [
  ['IMPRESSIONS', 'impressions', 'bigint'],
  ['CLICKS', 'clicks', 'bigint'],
  ['CTR', 'ctr', 'double'],
  ['REVENUE', 'revenue', 'numeric'],
  ['AVERAGE_ECPM', 'average_ecpm', 'numeric'],
];
const requested: readonly Field[] = [
  ['AD_REQUESTS', 'ad_requests', 'bigint'],
  ['FILL_RATE', 'fill_rate', 'double'],
  ['UNFILLED_IMPRESSIONS', 'unfilled_impressions', 'bigint'],
];

export const provisionalDays = 3;
/** Ad Manager keeps what reports are made of for some three years. */
const historyDays = 1_095;

const lastDay = (to: string): string =>
  new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

const changed = (): FreshetError =>
  new FreshetError('source_changed', 'Google Ad Manager gave other rows than it had counted.', {
    action: 'Nothing to do: these days are read again.',
  });

interface ReportStream {
  name: string;
  description: string;
  dimensions: readonly Field[];
  metrics: readonly Field[];
}

const reportStream = ({
  name,
  description,
  dimensions,
  metrics,
}: ReportStream): ApiStream<AdManagerConfig, null, ReportPage> => {
  const fields = [...dimensions, ...metrics];
  const fieldNames = fields.map(([field]) => field);
  const columnOf = new Map(fields.map(([field, column]) => [field, column]));
  /** Text that names something is empty where Ad Manager can't tell, so that it may stand in the key. */
  const nothing = Object.fromEntries(
    dimensions.flatMap(([, column, type]) => (type === 'text' ? [[column, '']] : [])),
  );
  return {
    ...streamDefaults,
    ...byDays({ days: 7, mostDays: 31, historyDays }),
    name,
    description,
    key: dimensions.map(([, column]) => column),
    lookbackDays: 7,
    provisionalDays,
    columns: [
      ...fields.map(([, column, type]): Column => ({ name: column, type })),
      { name: 'currency_code', type: 'text' },
    ],
    async *pages({ config: { networkCode }, account, slice: { from = '', to = '' } }, context) {
      const client = new AdManagerClient(context);
      const wish: ReportWish = {
        displayName: `Freshet ${name}`,
        dimensions: dimensions.map(([field]) => field),
        metrics: metrics.map(([field]) => field),
        from,
        to: lastDay(to),
        currency: account?.currency ?? '',
      };
      const result = await runReport(client, networkCode, wish, context);
      const seen = new Set<string>();
      let total = 0;
      for (let token: string | null = ''; token !== null;) {
        const page = await client.fetchRows(result, wish, token);
        total = page.totalRows ?? total;
        for (const row of page.rows) seen.add(JSON.stringify(row.slice(0, dimensions.length)));
        token = page.nextPageToken;
        // Fewer or repeated rows would be taken for all there are, and the others deleted.
        if (token === null && seen.size !== total) throw changed();
        const body: ReportPage = { fields: fieldNames, rows: page.rows };
        yield { body, progress: total === 0 ? 1 : Math.min(1, seen.size / total) };
      }
    },
    *rows(body, { account, slice: { from = '', to = '' } }) {
      for (const values of body.rows) {
        const row: Record<string, string | null> = { currency_code: account?.currency ?? null };
        body.fields.forEach((field, place) => {
          const column = columnOf.get(field);
          if (column !== undefined) row[column] = values[place] ?? nothing[column] ?? null;
        });
        // Days outside are another slice's: rows would stand there without belonging to its report.
        const day = (row['date'] ?? '').replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
        if (from === '' || (day >= from && day < to)) yield row;
      }
    },
  };
};

export const revenue = reportStream({
  name: 'revenue',
  description: 'Revenue, impressions and fill by day, ad unit and demand channel.',
  dimensions: [date, ...adUnit, ['DEMAND_CHANNEL_NAME', 'demand_channel_name', 'text']],
  metrics: [
    ...delivered,
    ...requested,
    ['AD_SERVER_REVENUE', 'ad_server_revenue', 'numeric'],
    ['AD_EXCHANGE_REVENUE', 'ad_exchange_revenue', 'numeric'],
    ['ADSENSE_REVENUE', 'adsense_revenue', 'numeric'],
  ],
});

export const geography = reportStream({
  name: 'geography',
  description: 'Revenue and impressions by day and country.',
  dimensions: [date, ...country],
  metrics: delivered,
});

export const cities = reportStream({
  name: 'cities',
  description:
    'Revenue and impressions by day, region, metro and city; many rows for sites read all over the world.',
  dimensions: [
    date,
    ...country,
    ['REGION_NAME', 'region_name', 'text'],
    ['METRO_NAME', 'metro_name', 'text'],
    ['CITY_NAME', 'city_name', 'text'],
  ],
  metrics: delivered,
});

export const inventory = reportStream({
  name: 'inventory',
  description: 'Requests, fill, viewability and revenue by day, ad unit, device and ad format.',
  dimensions: [
    date,
    ...adUnit,
    ['DEVICE_CATEGORY_NAME', 'device_category_name', 'text'],
    ['INVENTORY_FORMAT_NAME', 'inventory_format_name', 'text'],
  ],
  metrics: [
    ...delivered,
    ...requested,
    ['ACTIVE_VIEW_MEASURABLE_IMPRESSIONS', 'active_view_measurable_impressions', 'bigint'],
    ['ACTIVE_VIEW_VIEWABLE_IMPRESSIONS', 'active_view_viewable_impressions', 'bigint'],
    ['ACTIVE_VIEW_VIEWABLE_IMPRESSIONS_RATE', 'active_view_viewable_rate', 'double'],
  ],
});
