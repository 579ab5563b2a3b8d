/**
 * Google's client library for Google Ads, loaded when it is first needed, and without its gRPC half. It has no option for another host, a
 * signal or a token of ours, so these are given by interceptors on the very axios that it uses, for its requests alone.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire, Module } from 'node:module';
import type { AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { AdsFault, errorWithin } from './ads-fault';
import { loadLater } from './load-later';

/** The parts of `google-ads-api` in use. Its own declarations are a million lines, which each type check would have to read. */
export interface AdsCustomer {
  query(query: string, options: SearchOptions): Promise<unknown[]>;
  getAccessToken(): Promise<string>;
}

export interface SearchOptions {
  page_token?: string;
  search_settings: { return_total_results_count: boolean };
}

interface ClientOptions {
  client_id: string;
  client_secret: string;
  developer_token: string;
  /** Leaves int64 as text and enums as names. */
  disable_parsing: true;
}

interface Client {
  Customer(options: { customer_id: string; login_customer_id: string; refresh_token: string }): AdsCustomer;
}

export interface AdsLibrary {
  GoogleAdsApi: new (options: ClientOptions) => Client;
  /** The one that the library sends its requests with. */
  axios: AxiosInstance;
}

export const vendorUrl = 'https://googleads.googleapis.com';
export const apiVersion = 'v25';

/** One request: what it needs beyond what the library gives it, and what came back. */
export interface Exchange {
  /** Null: the vendor's own. */
  baseUrl: string | null;
  signal: AbortSignal;
  /** Most bytes of the answer. */
  maxBytes: number;
  /** The answer's body, once it has come whole and is no error. */
  answer: Record<string, unknown> | null;
}

const current = new AsyncLocalStorage<Exchange>();

const isOurs = (url: string | undefined): boolean => url?.startsWith(`${vendorUrl}/`) ?? false;

const direct = (request: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
  const exchange = current.getStore();
  if (!exchange || !isOurs(request.url)) return request;
  return {
    ...request,
    url: (exchange.baseUrl ?? vendorUrl) + (request.url ?? '').slice(vendorUrl.length),
    signal: exchange.signal,
    maxContentLength: exchange.maxBytes,
    maxRedirects: 0,
    // Whatever came is looked at in `receive`, and not by the library.
    validateStatus: () => true,
  };
};

const headersOf = ({ headers }: AxiosResponse): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

/** Takes the answer out of the library's hands where it would lose something: errors, also within a 200, and the token of the next page. */
const receive = (response: AxiosResponse<unknown>): AxiosResponse<unknown> => {
  const exchange = current.getStore();
  if (!exchange) return response;
  const { status, data } = response;
  const within = errorWithin(data);
  if (status !== 200 || within || typeof data !== 'object' || data === null || Array.isArray(data)) {
    const code = within?.['code'];
    throw new AdsFault(status === 200 && typeof code === 'number' ? code : status, headersOf(response), data);
  }
  exchange.answer = data as Record<string, unknown>;
  // The library would go on to the next page by itself, in the same time-out and without a turn of its own.
  return { ...response, data: { ...data, nextPageToken: undefined } };
};

/** The library looks for the vendor's error in whatever answer there is, and where it is cut off stumbles over it. */
const fail = (error: unknown): never => {
  if (current.getStore() && typeof error === 'object' && error !== null && 'response' in error)
    error.response = undefined;
  throw error;
};

/**
 * The library also loads `google-ads-node`, the classes of all of gRPC's messages and services, 150 MB of memory, of which its search by
 * REST uses none. They are loaded when something does use one, such as a method for changing campaigns.
 */
const deferGrpc = (library: NodeJS.Require): void => {
  const file = library.resolve('google-ads-node');
  if (library.cache[file]) return;
  const standIn = new Module(file);
  let real: unknown;
  standIn.exports = loadLater(() => {
    if (real) return real;
    if (library.cache[file] === standIn) delete library.cache[file];
    return (real = library(file));
  });
  standIn.loaded = true;
  library.cache[file] = standIn;
};

const load = (): AdsLibrary => {
  const here = createRequire(import.meta.url);
  const library = createRequire(here.resolve('google-ads-api'));
  deferGrpc(library);
  const { GoogleAdsApi } = here('google-ads-api') as Pick<AdsLibrary, 'GoogleAdsApi'>;
  const axios = library('axios') as AxiosInstance;
  axios.interceptors.request.use(direct);
  axios.interceptors.response.use(receive, fail);
  return { GoogleAdsApi, axios };
};

let loaded: AdsLibrary | null = null;

/** Carries out one request of the library's axios. Throws AdsFault, or the network's error. */
export const exchanging = async <T>(
  exchange: Exchange,
  operation: (library: AdsLibrary) => Promise<T>,
): Promise<{ result: T; answer: Record<string, unknown> }> => {
  loaded ??= load();
  const library = loaded;
  const result = await current.run(exchange, () => operation(library));
  if (exchange.answer) return { result, answer: exchange.answer };
  throw new Error('The client library of Google Ads sent its request past us.');
};
