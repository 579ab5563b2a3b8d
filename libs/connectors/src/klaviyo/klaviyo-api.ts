/** Asks Klaviyo through its client library: one request, exact numbers, in turn by the endpoint's own limits. */
import { createHash } from 'node:crypto';
import { FreshetError } from '@freshet/contracts';
import type { ApiKeySession } from 'klaviyo-api';
import type { ConnectorContext } from '../kit/context';
import { parseExactly } from './exact-json';
import { explain } from './explain';

export interface Credentials {
  apiKey: string;
}

export interface Resource {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
  relationships?: Record<string, { data?: { id: string } | { id: string }[] | null } | undefined>;
}

/** A JSON:API document as it came. */
export interface Document<Data = Resource[]> {
  data: Data;
  included?: Resource[];
  links?: { next?: string | null };
}

export interface Endpoint {
  /** Of the resources it answers with. */
  type: string;
  /** Requests a second and a minute that one account may make (`burst` and `steady` in Klaviyo's reference). */
  perSecond: number;
  perMinute: number;
}

/** Sizes by https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling, each as the endpoint's reference states it. */
export const endpoints = {
  accounts: { type: 'account', perSecond: 1, perMinute: 15 },
  campaigns: { type: 'campaign', perSecond: 10, perMinute: 150 },
  campaignValues: { type: 'campaign-values-report', perSecond: 1, perMinute: 2 },
  events: { type: 'event', perSecond: 350, perMinute: 3_500 },
  flows: { type: 'flow', perSecond: 3, perMinute: 60 },
  forms: { type: 'form', perSecond: 3, perMinute: 60 },
  lists: { type: 'list', perSecond: 75, perMinute: 750 },
  metrics: { type: 'metric', perSecond: 10, perMinute: 150 },
  metricAggregates: { type: 'metric-aggregate', perSecond: 3, perMinute: 60 },
  profiles: { type: 'profile', perSecond: 75, perMinute: 750 },
  templates: { type: 'template', perSecond: 75, perMinute: 750 },
} as const satisfies Record<string, Endpoint>;

export type Library = typeof import('klaviyo-api');

/** It takes a second to load, so that it is loaded by those who ask Klaviyo and by nobody else. */
const library = (): Promise<Library> => import('klaviyo-api');

export const changedMeanwhile = (what: string): FreshetError =>
  new FreshetError('source_changed', `Klaviyo ${what}.`, {
    action: 'Nothing to do: this part is read again.',
  });

/** Throws `source_changed` for the answer to some other question, as a cache in between might give. */
const refuseOtherType = (document: unknown, type: string): void => {
  const data = (document as { data?: unknown } | null)?.data;
  const resources = (Array.isArray(data) ? data : [data]) as ({ type?: unknown } | null | undefined)[];
  if (resources.some((resource) => resource?.type !== type))
    throw changedMeanwhile(`answered with something other than a ${type}`);
};

/** A session for one request, whose answer is read exactly, and which ends with `signal`. */
const sessionFor = (
  { ApiKeySession, RetryWithExponentialBackoff }: Library,
  { apiKey, type, signal }: { apiKey: string; type: string; signal: AbortSignal },
): ApiKeySession => {
  // The library's own retries are off: the kit counts, waits and tells.
  const session = new ApiKeySession(
    apiKey,
    new RetryWithExponentialBackoff({ numRetries: 1, retryCodes: [] }),
  );
  const apply = session.applyToRequest.bind(session);
  session.applyToRequest = (request) => {
    apply(request);
    request.signal = signal;
    request.transformResponse = (text: string, _headers, status = 0) => {
      if (status >= 300) return readable(text);
      const document = parseExactly(text);
      refuseOtherType(document, type);
      return document;
    };
  };
  return session;
};

/** A refusal need not be JSON: proxies answer with web pages. */
const readable = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** Names the account without telling the key. */
const nameOf = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex').slice(0, 16);

const address = 'https://a.klaviyo.com';

export interface Asking {
  credentials: Credentials;
  context: ConnectorContext;
}

/**
 * One answer, whole and exact.
 * @param api chooses one of the library's classes
 * @param call makes the request
 */
export const ask = <Api extends { basePath: string }, Data = Resource[]>(
  { credentials: { apiKey }, context }: Asking,
  endpoint: Endpoint,
  api: (library: Library) => new (session: ApiKeySession) => Api,
  call: (api: Api) => Promise<{ response: { data: unknown } }>,
): Promise<Document<Data>> => {
  const { type, perSecond, perMinute } = endpoint;
  const pace = { key: `klaviyo:${nameOf(apiKey)}:${type}`, perSecond, perMinute };
  return context.of({ vendor: 'Klaviyo', explain, pace }).call(async ({ signal }) => {
    const loaded = await library();
    const opened = new (api(loaded))(sessionFor(loaded, { apiKey, type, signal }));
    opened.basePath = context.settings.baseUrl ?? address;
    const { response } = await call(opened);
    return response.data as Document<Data>;
  });
};

/** Of the page after this one; null on the last one. */
export const nextCursor = ({ links }: Pick<Document<unknown>, 'links'>): string | null => {
  if (!links?.next) return null;
  const { searchParams } = new URL(links.next);
  return searchParams.get('page[cursor]') ?? searchParams.get('page_cursor');
};

/** All pages of a list, one after the other. Throws `source_changed` when a page comes twice. */
export const pagesOf = async function* (
  read: (pageCursor: string | undefined) => Promise<Document>,
): AsyncGenerator<{ document: Document; isLast: boolean }> {
  let before = '';
  for (let cursor: string | undefined; ;) {
    const document = await read(cursor);
    const ids = document.data.map(({ id }) => id).join();
    if (ids !== '' && ids === before) throw changedMeanwhile('gave the same page twice');
    before = ids;
    const next = nextCursor(document);
    yield { document, isLast: next === null };
    if (next === null) return;
    cursor = next;
  }
};
