/** The streams of Google Ads: numbers by days of each account's zone, and what there is to advertise. */
import { toFreshetError } from '@freshet/contracts';
import { byDays, streamDefaults, type ApiRequest, type ApiStream } from '../kit/api/api-stream';
import type { Page, Slice } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { searchPages, type AdsRow, type Search } from './ads-client';
import * as columns from './ads-columns';
import { clientsOf, type Client } from './clients';
import { adsCodeOf } from './explain-ads';
import { routeOf, shownId, type GoogleAdsConfig } from './google-ads-config';

export interface AdsBody {
  results: readonly AdsRow[];
  /** What is to be told about an account that was left out; null for rows. */
  warning: string | null;
}

type AdsStream = ApiStream<GoogleAdsConfig, null, AdsBody>;
type AdsRequest = ApiRequest<GoogleAdsConfig, null>;

const leftOut = ({ id, name }: Client): AdsBody => ({
  results: [],
  warning: `${name} (${shownId(id)}) was left out: the account is closed or not set up.`,
});

const dayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** Both ends of BETWEEN are included. */
const daysOf = ({ from = '', to = '' }: Slice): string =>
  `segments.date BETWEEN '${from}' AND '${dayBefore(to)}'`;

const readCustomer = columns.fieldReader('customer.id');
const readDate = columns.fieldReader('segments.date');

/** Reads one question for each account in turn; an account that can't be opened is left out if there are others, and told. */
const overClients = async function* (
  request: AdsRequest,
  context: ConnectorContext,
  searchOf: (client: Client) => Omit<Search, 'route'>,
): AsyncGenerator<Page<AdsBody>> {
  const route = routeOf(request.config);
  const clients = await clientsOf(context, route);
  const enabled = clients.filter(({ id, isEnabled }) => isEnabled || id === route.customer);
  for (const [place, client] of enabled.entries()) {
    const search: Search = { ...searchOf(client), route: { login: route.login, customer: client.id } };
    try {
      for await (const { results, read, total } of searchPages(context, search)) {
        const share = total === 0 ? 1 : read / total;
        yield { body: { results, warning: null }, progress: (place + share) / enabled.length };
      }
    } catch (error) {
      const isClosed = adsCodeOf(toFreshetError(error)) === 'CUSTOMER_NOT_ENABLED';
      if (!isClosed || client.id === route.customer) throw error;
      yield { body: leftOut(client) };
    }
  }
  for (const client of clients) if (!enabled.includes(client)) yield { body: leftOut(client) };
};

interface Shape {
  name: string;
  description: string;
  from: string;
  columns: readonly columns.AdsColumn[];
  key: string[];
}

const base = ({ name, description, key, columns: all }: Shape) => {
  const read = columns.rowReader(all);
  return {
    ...streamDefaults,
    name,
    description,
    key,
    columns: all.map(({ name: column, type }) => ({ name: column, type })),
    rows: ({ results }: AdsBody) => results.map(read),
    warnings: ({ warning }: AdsBody) => (warning === null ? [] : [warning]),
  };
};

/** Conversions are credited to the day of the click for as long as their window lasts, 30 days unless an account says otherwise. */
export const conversionDays = 30;

/** Google Ads keeps daily numbers for eleven years. */
const historyDays = 11 * 365;

const performance = (shape: Shape, days: { days: number; mostDays: number }): AdsStream => ({
  ...base(shape),
  ...byDays({ ...days, historyDays }),
  lookbackDays: conversionDays,
  provisionalDays: conversionDays,
  pages: (request, context) =>
    overClients(request, context, ({ id }) => ({
      select: shape.columns.map(({ field }) => field),
      from: shape.from,
      where: [daysOf(request.slice)],
      expect: (row) => {
        const [day, { from = '', to = '' }] = [String(readDate(row)), request.slice];
        return String(readCustomer(row)) === id && day >= from && day < to;
      },
    })),
});

const list = (shape: Shape): AdsStream => ({
  ...base(shape),
  mode: 'replace-all',
  pages: (request, context) =>
    overClients(request, context, ({ id }) => ({
      select: shape.columns.map(({ field }) => field),
      from: shape.from,
      expect: (row) => String(readCustomer(row)) === id,
    })),
});

/** Asked once, of the account that was chosen. */
const directory = (shape: Shape, where: string[] = []): AdsStream => ({
  ...base(shape),
  mode: 'replace-all',
  async *pages({ config }, context) {
    const select = shape.columns.map(({ field }) => field);
    for await (const { results, read, total } of searchPages(context, {
      route: routeOf(config),
      select,
      from: shape.from,
      where,
    }))
      yield { body: { results, warning: null }, progress: total === 0 ? 1 : read / total };
  },
});

const { account, date, deviceAndNetwork, campaign, adGroup, metrics } = columns;
const month = { days: 31, mostDays: 92 };
/** Of what there are many a day. */
const week = { days: 7, mostDays: 31 };

export const adsStreams: readonly AdsStream[] = [
  performance(
    {
      name: 'campaign_performance',
      description: 'Spend, clicks and conversions of each campaign by day, device and network.',
      from: 'campaign',
      columns: [...account, ...date, ...campaign, ...deviceAndNetwork, ...metrics],
      key: ['customer_id', 'date', 'campaign_id', 'device', 'network'],
    },
    month,
  ),
  performance(
    {
      name: 'ad_groups',
      description: 'The same for each ad group; Performance Max has none.',
      from: 'ad_group',
      columns: [...account, ...date, ...campaign, ...adGroup, ...deviceAndNetwork, ...metrics],
      key: ['customer_id', 'date', 'ad_group_id', 'device', 'network'],
    },
    month,
  ),
  performance(
    {
      name: 'ads',
      description: 'The same for each ad, with the page it leads to.',
      from: 'ad_group_ad',
      columns: [...account, ...date, ...campaign, ...adGroup, ...columns.ad, ...deviceAndNetwork, ...metrics],
      key: ['customer_id', 'date', 'ad_group_id', 'ad_id', 'device', 'network'],
    },
    week,
  ),
  performance(
    {
      name: 'keywords',
      description: 'The same for each keyword of search campaigns.',
      from: 'keyword_view',
      columns: [
        ...account,
        ...date,
        ...campaign,
        ...adGroup,
        ...columns.keyword,
        ...deviceAndNetwork,
        ...metrics,
      ],
      key: ['customer_id', 'date', 'ad_group_id', 'keyword_id', 'device', 'network'],
    },
    week,
  ),
  performance(
    {
      name: 'search_terms',
      description: 'What people searched for, by day and ad group; rare searches are not told by Google.',
      from: 'search_term_view',
      columns: [...account, ...date, ...campaign, ...adGroup, ...columns.searchTerm, ...metrics],
      key: ['customer_id', 'date', 'ad_group_id', 'search_term', 'match_type'],
    },
    week,
  ),
  performance(
    {
      name: 'geography',
      description: 'Numbers by day, campaign and country of those who saw the ads.',
      from: 'geographic_view',
      columns: [...account, ...date, ...campaign, ...columns.place, ...metrics],
      key: ['customer_id', 'date', 'campaign_id', 'country_id', 'location_type'],
    },
    month,
  ),
  performance(
    {
      name: 'conversions',
      description: 'Conversions and their value by day, campaign and conversion action.',
      from: 'campaign',
      columns: [...account, ...date, ...campaign, ...columns.conversionAction, ...columns.conversionMetrics],
      key: ['customer_id', 'date', 'campaign_id', 'conversion_action_id'],
    },
    month,
  ),
  list({
    name: 'campaigns',
    description: 'Each campaign as it is now, with its bidding and daily budget.',
    from: 'campaign',
    columns: [...account, ...campaign, ...columns.campaignSettings],
    key: ['customer_id', 'campaign_id'],
  }),
  directory({
    name: 'accounts',
    description: 'The account and those below it, with their currencies and time zones.',
    from: 'customer_client',
    columns: columns.listedAccount,
    key: ['customer_id'],
  }),
  directory(
    {
      name: 'countries',
      description: 'Names and codes of the countries in geography.',
      from: 'geo_target_constant',
      columns: columns.country,
      key: ['country_id'],
    },
    ["geo_target_constant.target_type = 'Country'"],
  ),
];
