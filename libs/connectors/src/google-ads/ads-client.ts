/** Asks Google Ads: searches, page by page and counted, and the list of accounts that a person can reach. */
import { FreshetError } from '@freshet/contracts';
import type { Attempt, ConnectorContext } from '../kit/context';
import { apiVersion, exchanging, vendorUrl, type Exchange } from './ads-library';
import type { Route } from './google-ads-config';

/** As the REST API writes it: int64 as text, enums by name. */
export type AdsRow = Readonly<Record<string, unknown>>;

export interface SearchPage {
  results: AdsRow[];
  /** Rows of all pages together. */
  total: number;
  /** Rows up to the end of this page. */
  read: number;
}

export interface Search {
  route: Route;
  select: readonly string[];
  from: string;
  /** Conditions, joined by AND. */
  where?: readonly string[];
  /** Throws for a row that was not asked for, as a cache in between may give. */
  expect?(row: AdsRow): boolean;
}

const changed = (what: string): FreshetError =>
  new FreshetError('source_changed', `Google Ads ${what}.`, { action: 'Nothing to do: it is read again.' });

const exchangeOf = ({ settings, maxBytes }: ConnectorContext, { signal }: Attempt): Exchange => ({
  baseUrl: settings.baseUrl,
  signal,
  maxBytes,
  answer: null,
});

const queryOf = ({ select, from, where = [] }: Search): string =>
  `SELECT ${select.join(', ')} FROM ${from}${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''}`;

const camelCase = (field: string): string =>
  field.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The fields that an answer says it is about are those asked for, in any order. */
const isAbout = (mask: unknown, select: readonly string[]): boolean =>
  typeof mask === 'string' && mask.split(',').sort().join() === select.map(camelCase).sort().join();

interface Answered extends SearchPage {
  next: string | null;
}

/**
 * One page. The paged search is used, not the stream: it alone counts all rows, and a stream that breaks off with an error shows as a whole
 * one. @param before rows of the pages before and their total, null for the first page
 */
const searchPage = async (
  context: ConnectorContext,
  attempt: Attempt,
  search: Search,
  before: Answered | null,
): Promise<Answered> => {
  const { route, select } = search;
  const { clientId, clientSecret, developerToken } = context.settings;
  const token = before?.next ?? null;
  const { result, answer } = await exchanging(exchangeOf(context, attempt), ({ GoogleAdsApi }) => {
    const client = new GoogleAdsApi({
      client_id: clientId,
      client_secret: clientSecret,
      developer_token: developerToken,
      disable_parsing: true,
    });
    const customer = client.Customer({
      customer_id: route.customer,
      login_customer_id: route.login,
      refresh_token: '',
    });
    customer.getAccessToken = () => Promise.resolve(attempt.accessToken);
    return customer.query(queryOf(search), {
      search_settings: { return_total_results_count: true },
      ...(token !== null && { page_token: token }),
    });
  });
  const results = result as AdsRow[];
  if (!isAbout(answer['fieldMask'], select)) throw changed('answered something that was not asked');
  const next = typeof answer['nextPageToken'] === 'string' ? answer['nextPageToken'] : null;
  if (next !== null && next === token) throw changed('gave a page twice');
  if (search.expect && !results.every(search.expect)) throw changed('gave rows that were not asked for');
  // A search without rows has no count.
  const total = before?.total ?? Number(answer['totalResultsCount'] ?? 0);
  const read = (before?.read ?? 0) + results.length;
  if (read > total || (next === null && read !== total))
    throw changed(`counted ${total} rows and gave ${read}`);
  return { results, total, read, next };
};

/** Each page is one call: it has its own turn, time and tries. Together they are one operation of the daily quota. */
export const searchPages = async function* (
  context: ConnectorContext,
  search: Search,
): AsyncGenerator<SearchPage> {
  let page: Answered | null = null;
  do {
    const before: Answered | null = page;
    page = await context.call((attempt) => searchPage(context, attempt, search, before));
    yield page;
  } while (page.next !== null);
};

export const searchAll = async (context: ConnectorContext, search: Search): Promise<AdsRow[]> => {
  const rows: AdsRow[] = [];
  for await (const { results } of searchPages(context, search)) rows.push(...results);
  return rows;
};

/**
 * IDs of the accounts to which the person was given access directly. By REST, as the library asks this by gRPC, which knows neither another
 * host nor our token; by the library's axios, so that errors are told alike.
 */
export const listAccessible = (context: ConnectorContext): Promise<string[]> =>
  context.call(async (attempt) => {
    const { answer } = await exchanging(exchangeOf(context, attempt), ({ axios }) =>
      axios.get(`${vendorUrl}/${apiVersion}/customers:listAccessibleCustomers`, {
        headers: {
          Authorization: `Bearer ${attempt.accessToken}`,
          'developer-token': context.settings.developerToken,
        },
      }),
    );
    const names: unknown = answer['resourceNames'] ?? [];
    return Array.isArray(names) ? names.map((name) => String(name).replace('customers/', '')) : [];
  });
