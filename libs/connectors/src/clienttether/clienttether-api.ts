/** ClientTether's API: lists by limit and offset, errors that may come in answers which look well, and "No record" as text. */
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext } from '../kit/context';
import { explainStatus } from '../kit/explain';
import { askApi, brokenAnswer, exactJson, explainRefusal } from '../kit/http/api-answer';
import type { ClientTetherCredentials } from './clienttether-config';

export type Item = Readonly<Record<string, unknown>>;

const vendor = 'ClientTether';
const itemsAPage = 100;
const itemsAtFirst = 2;

const rangeOf = (offset: number, limit: number): Record<string, string> => ({
  limit: String(limit),
  offset: String(offset),
});

const messageOf = (body: unknown): string | undefined => {
  const { message, error } = (body ?? {}) as { message?: unknown; error?: unknown };
  return [message, error].find((text): text is string => typeof text === 'string' && text !== '');
};

/** An error inside an answer with status 200. */
class ToldError extends Error {}

const explainByStatus = explainRefusal(vendor, messageOf);

/** By its words, as such answers have nothing else. */
const statusOf = (message: string): number => {
  if (/token|web key|unauthori|credential|authenticat/i.test(message)) return 401;
  if (/permission|forbidden|not allowed/i.test(message)) return 403;
  if (/too many|rate|limit exceeded/i.test(message)) return 429;
  return /internal|unavailable|time.?out|try again/i.test(message) ? 503 : 400;
};

export const explainClientTether = (error: unknown, now: Date): FreshetError | null =>
  error instanceof ToldError
    ? explainStatus({ vendor, status: statusOf(error.message), message: error.message, cause: error }, now)
    : explainByStatus(error, now);

const saysNothing = (text: unknown): boolean =>
  typeof text === 'string' &&
  text.length < 200 &&
  /^\W*no (\w+ )?(record|data|result|event|note)s?\b/i.test(text.trim());

/** What the answer lists; throws what the kit takes for a broken answer. */
export const listOf = (text: string): Item[] => {
  if (saysNothing(text)) return [];
  const body = exactJson(text);
  if (saysNothing(body)) return [];
  if (Array.isArray(body)) return body as Item[];
  if (typeof body !== 'object' || body === null) throw brokenAnswer('ClientTether answered no list.');
  const { data, status } = body as { data?: unknown; status?: unknown };
  if (Array.isArray(data)) return data as Item[];
  if (saysNothing(data) || (data === undefined && saysNothing(messageOf(body)))) return [];
  const message = messageOf(body);
  if (status === 'error' || status === false || message !== undefined)
    throw new ToldError(message ?? 'An error without words.');
  throw brokenAnswer('ClientTether answered no list.');
};

const changed = (): FreshetError =>
  new FreshetError('source_changed', 'A list of ClientTether changed while it was read.', {
    action: 'Nothing to do: it is read again.',
  });

/** The client of one read. */
export class ClientTetherApi {
  /** The latest list with items: two in a row are never the same, unless something in between repeats answers. */
  private latest = '';

  constructor(
    private readonly credentials: ClientTetherCredentials,
    private readonly context: ConnectorContext,
  ) {}

  /**
   * @param field that every item of this list has, which tells it from others
   * @param isAsked whether an item is one of those asked for
   */
  async list(
    path: string,
    query: Record<string, string>,
    field: string,
    isAsked: (item: Item) => boolean = () => true,
  ): Promise<Item[]> {
    return this.context.call(async ({ signal }) => {
      const { items, text } = await this.ask(path, query, field, signal);
      if (!items.every(isAsked)) throw brokenAnswer('ClientTether answered what was not asked for.');
      if (items.length > 0 && text === this.latest) throw brokenAnswer('ClientTether gave one list twice.');
      if (items.length > 0) this.latest = text;
      return items;
    });
  }

  private async ask(
    path: string,
    query: Record<string, string>,
    field: string,
    signal: AbortSignal,
  ): Promise<{ items: Item[]; text: string }> {
    const { accessToken, webKey } = this.credentials;
    const base = this.context.settings.baseUrl ?? 'https://api.clienttether.com';
    const parameters = new URLSearchParams(query).toString();
    const url = `${base}/v2/api/${path}${parameters && `?${parameters}`}`;
    const headers = { 'x-access-token': accessToken, 'x-web-key': webKey, accept: 'application/json' };
    const { text } = await askApi(this.context, url, { headers, signal });
    const items = listOf(text);
    if (items.some((item) => !(field in item))) throw brokenAnswer('ClientTether answered another list.');
    return { items, text };
  }

  /**
   * A whole list, page by page; the first one is small. Each page begins with the last item of the page before, and in the end the list
   * still begins as it did: otherwise items came or went while we read, or an answer was an old one, and some would be missing. Throws
   * `source_changed` then.
   */
  async *pages(path: string, key: string): AsyncGenerator<Item[]> {
    let first: string | undefined;
    let last: string | undefined;
    for (let offset = 0, limit = itemsAtFirst; ; offset += limit - 1, limit = itemsAPage) {
      const items = await this.list(path, rangeOf(offset, limit), key);
      if (items.length > limit) throw changed();
      const ids = items.map((item) => String(item[key]));
      const seen = last === undefined ? -1 : ids.indexOf(last);
      if (last !== undefined && seen < 0) throw changed();
      first ??= ids[0];
      const fresh = items.slice(seen + 1);
      if (fresh.length > 0 || last === undefined) yield fresh;
      if (items.length < limit) break;
      last = ids.at(-1);
    }
    if ((await this.firstOf(path, key)) !== first) throw changed();
  }

  private firstOf(path: string, key: string): Promise<string | undefined> {
    return this.context.call(async ({ signal }) => {
      const { items } = await this.ask(path, rangeOf(0, itemsAtFirst), key, signal);
      return items.map((item) => String(item[key]))[0];
    });
  }
}
