/**
 * Meta's client library, loaded when it is first needed, as it takes a second. It has no option for another host or a signal, so these
 * are given for each request alone: two sources with different tokens and addresses may ask at the same time.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import type { AxiosInstance } from 'axios';

type Parameters = Record<string, unknown>;

/** The part of `facebook-nodejs-business-sdk` in use; it has no declarations of its own. */
interface Api {
  setShowHeader(shown: boolean): Api;
  call(
    method: 'GET' | 'POST',
    path: readonly string[],
    parameters: Parameters,
    files: Parameters,
    multipart: boolean,
    urlOverride: string,
  ): Promise<unknown>;
}

interface Library {
  FacebookAdsApi: new (accessToken: string, locale: string, crashLog: boolean) => Api;
}

const current = new AsyncLocalStorage<{ signal: AbortSignal }>();

const hasNoBody = (error: unknown): error is { response?: unknown } => {
  if (typeof error !== 'object' || error === null || !('response' in error)) return false;
  return (error.response as { data?: unknown } | undefined)?.data === undefined;
};

let loaded: Library | null = null;

const library = (): Library => {
  if (loaded) return loaded;
  const here = createRequire(import.meta.url);
  const axios = createRequire(here.resolve('facebook-nodejs-business-sdk'))('axios') as AxiosInstance;
  axios.interceptors.request.use((request) => {
    const ours = current.getStore();
    return ours ? { ...request, signal: ours.signal, maxRedirects: 0 } : request;
  });
  axios.interceptors.response.use(undefined, (error: unknown) => {
    // The library looks for Meta's words in any answer there is, and stumbles over one that was cut off.
    if (current.getStore() && hasNoBody(error)) delete error.response;
    throw error;
  });
  loaded = here('facebook-nodejs-business-sdk') as Library;
  return loaded;
};

export interface Exchange {
  accessToken: string;
  /** Null: Meta's own. */
  baseUrl: string | null;
  signal: AbortSignal;
}

/** A decoded answer, with the headers that the library puts among it. */
export type Answer = Record<string, unknown> & { headers: Record<string, string | undefined> };

/** Requests of Meta's Graph API; lists and objects among the parameters are written as JSON. */
export interface Graph {
  get(path: readonly string[], parameters: Parameters): Promise<Answer>;
  post(path: readonly string[], parameters: Parameters): Promise<Answer>;
}

/**
 * Carries out requests of the library with this token, address and signal. Its classes of nodes are left aside: they give each row 170
 * accessors, a tenth of a second for a page, and a report run of theirs takes whatever token the process used last.
 */
export const exchanging = <T>(
  { accessToken, baseUrl, signal }: Exchange,
  operation: (graph: Graph) => Promise<T>,
): Promise<T> => {
  const { FacebookAdsApi } = library();
  // The last parameter would send our crashes to Meta.
  const api = new FacebookAdsApi(accessToken, 'en_US', false).setShowHeader(true);
  const call = (method: 'GET' | 'POST') => (path: readonly string[], parameters: Parameters) =>
    api.call(method, path, { ...parameters }, {}, false, baseUrl ?? '') as Promise<Answer>;
  return current.run({ signal }, () => operation({ get: call('GET'), post: call('POST') }));
};
