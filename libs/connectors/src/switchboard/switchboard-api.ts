/** Switchboard's API: answers in an envelope that can hold errors whatever their status, and pages named by a cursor or by a whole address. */
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext } from '../kit/context';
import { explainStatus } from '../kit/explain';
import {
  askApi,
  basicAuth,
  brokenAnswer,
  exactJson,
  RefusedAnswer,
  type ApiAnswer,
} from '../kit/http/api-answer';
import type { SwitchboardCredentials } from './switchboard-config';

export type Item = Readonly<Record<string, unknown>>;

const vendor = 'Switchboard';
const ownOrigin = 'https://api.oneswitchboard.com';

interface Complaint {
  code: string;
  sentence: string;
}

const complaintsOf = (body: unknown): Complaint[] => {
  const { errors } = (body ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return (errors as Partial<Record<string, unknown>>[]).map(({ code, title, description }) => ({
    code: String(code ?? ''),
    sentence: [title, description].filter((part) => typeof part === 'string' && part !== '').join(': '),
  }));
};

/** Statuses by the codes of errors that come in an answer which looks well. */
const statusOf = (code: string): number => {
  if (/unauthori|credential/i.test(code)) return 401;
  if (/forbidden|permission/i.test(code)) return 403;
  if (/not_found/i.test(code)) return 404;
  if (/rate|too_many/i.test(code)) return 429;
  return /internal|unavailable|timeout/i.test(code) ? 503 : 400;
};

/** An error in the envelope of an answer with status 200. */
class EnvelopeError extends Error {
  constructor(readonly complaint: Complaint) {
    super(complaint.sentence);
  }
}

const expired = (cause: unknown): FreshetError =>
  new FreshetError('source_page_expired', 'Switchboard forgot where we were in its list.', {
    action: 'Nothing to do: these days are read again.',
    cause,
  });

const readable = (answer: ApiAnswer): unknown => {
  try {
    return exactJson(answer.text);
  } catch {
    // A proxy's page says nothing to people.
    return null;
  }
};

export const explainSwitchboard = (error: unknown, now: Date): FreshetError | null => {
  if (error instanceof EnvelopeError) {
    const { code, sentence } = error.complaint;
    if (/cursor/i.test(code)) return expired(error);
    return explainStatus({ vendor, status: statusOf(code), message: sentence, cause: error }, now);
  }
  if (!(error instanceof RefusedAnswer)) return null;
  const { status, headers } = error.answer;
  const [complaint] = complaintsOf(readable(error.answer));
  if (complaint && /cursor/i.test(complaint.code)) return expired(error);
  return explainStatus(
    { vendor, status, headers, ...(complaint && { message: complaint.sentence }), cause: error },
    now,
  );
};

const sameList = (address: string, path: string): string => {
  const { pathname, search } = new URL(address);
  // Beyond a proxy the path may begin with something else.
  return pathname.endsWith(path) ? `${path}${search}` : `${pathname}${search}`;
};

/**
 * The path and query of the next page. @param next a cursor, or an address at the vendor's own origin or at the one we ask
 * Throws `source_refused` for any other origin: our credentials are for Switchboard alone.
 */
export const nextPath = (next: string, path: string, base: string): string => {
  if (!/^[a-z][a-z0-9+.-]*:|^\//i.test(next)) return `${path}?${new URLSearchParams({ cursor: next })}`;
  const known = [ownOrigin, new URL(base).origin];
  const url = URL.canParse(next, base) ? new URL(next, base) : null;
  if (url && known.includes(url.origin) && url.username === '') return sameList(url.href, path);
  throw new FreshetError(
    'source_refused',
    `Switchboard named a next page that is elsewhere: ${(url?.origin ?? next).slice(0, 200)}.`,
    {
      action: 'Tell Switchboard; Freshet shows its credentials to Switchboard alone.',
    },
  );
};

/** The client of one read. */
export class SwitchboardApi {
  /** The latest page with items: two in a row are never the same, unless something in between repeats answers. */
  private latest = '';

  constructor(
    private readonly credentials: SwitchboardCredentials,
    private readonly context: ConnectorContext,
  ) {}

  private get base(): string {
    return this.context.settings.baseUrl ?? ownOrigin;
  }

  private async ask(path: string, signal: AbortSignal): Promise<{ data: Item; text: string }> {
    const { accountId, secretKey } = this.credentials;
    const headers = { authorization: basicAuth(accountId, secretKey), accept: 'application/json' };
    const { text } = await askApi(this.context, `${this.base}${path}`, { headers, signal });
    const body = exactJson(text);
    const [complaint] = complaintsOf(body);
    if (complaint) throw new EnvelopeError(complaint);
    const { data } = (body ?? {}) as { data?: unknown };
    if (typeof data !== 'object' || data === null) throw brokenAnswer('Switchboard answered without data.');
    return { data: data as Item, text };
  }

  /** The account's name. */
  whoami(): Promise<string> {
    return this.context.call(async ({ signal }) => {
      const { data } = await this.ask('/v1/whoami', signal);
      const named = [data['account_name'], data['organization_name'], data['name'], data['account_id']];
      if ('page' in data) throw brokenAnswer('Switchboard answered something else.');
      return String(
        named.find((name) => typeof name === 'string' && name !== '') ?? this.credentials.accountId,
      );
    });
  }

  /** @param field that every item of this list has, which tells it from others */
  async *pages(path: string, field: string): AsyncGenerator<{ items: Item[]; isLast: boolean }> {
    for (let at: string | null = path; at !== null;) {
      const { items, next } = await this.page(at, field);
      const isLast: boolean = next === null;
      yield { items, isLast };
      at = next === null ? null : nextPath(next, path, this.base);
    }
  }

  private page(at: string, field: string): Promise<{ items: Item[]; next: string | null }> {
    return this.context.call(async ({ signal }) => {
      const { data, text } = await this.ask(at, signal);
      const { page, next_page: next } = data;
      if (!Array.isArray(page)) throw brokenAnswer('Switchboard answered without a page.');
      const items = page as Item[];
      if (items.some((item) => !(field in item))) throw brokenAnswer('Switchboard answered another list.');
      if (items.length > 0 && text === this.latest) throw brokenAnswer('Switchboard gave one page twice.');
      if (items.length > 0) this.latest = text;
      return { items, next: typeof next === 'string' && next !== '' ? next : null };
    });
  }
}
