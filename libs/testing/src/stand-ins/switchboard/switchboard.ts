/** Stands in for Switchboard's API of text messages: who we are, broadcasts, and the messages of each. */
import { dateOf, dayNumber, localDate } from '../../market';
import { Refusal, startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import { Programs, type Broadcast } from './broadcasts';
import { sentMessages, shownBroadcast, shownMessage } from './shown';
import { truthOf, type SwitchboardStream, type TruthRow } from './truth';

export interface SwitchboardOptions {
  seed?: string | number;
  now?: () => Date;
  port?: number;
  accountId?: string;
  secretKey?: string;
  /** 1 gives 60 to 140 messages a broadcast. */
  scale?: number;
  /** How far its history goes back. */
  days?: number;
  /** In which form an answer names the next page. */
  nextPage?: 'cursor' | 'url';
  requestsPerMinute?: number;
  messagesAPage?: number;
}

export interface Switchboard extends StandIn {
  accountId: string;
  secretKey: string;
  /** As a complete sync ends now, of broadcasts created on these dates in the zone; `to` is not among them. */
  truth(stream: SwitchboardStream, days: { from: string; to: string }, timeZone: string): TruthRow[];
  empty(): void;
  revoke(): void;
  restore(): void;
  /** Cursors given so far are not known any more. */
  expirePages(): void;
  /** In which form answers name the next page from now on; a function gets its path and query. */
  nameNextPage(form: 'cursor' | 'url' | ((path: string) => string)): void;
  /** The broadcast is gone, with its messages. */
  remove(broadcastId: string): void;
  /** The next answers have status 200 and an error in the envelope. */
  failSoftly(...codes: string[]): void;
}

const broadcastsAPage = 10;
const minute = 60_000;
const hour = 60 * minute;

const refuse = (
  status: number,
  code: string,
  description: string,
  headers: Record<string, string> = {},
): never => {
  const errors = [{ code, title: code.replaceAll('_', ' '), description }];
  throw new Refusal({ status, body: { data: null, errors }, headers });
};

export const startSwitchboard = async (options: SwitchboardOptions = {}): Promise<Switchboard> => {
  const {
    seed = 'sandbox',
    now = () => new Date(),
    port = 0,
    scale = 1,
    days = 200,
    requestsPerMinute = 300,
    messagesAPage = 100,
  } = options;
  const accountId = options.accountId ?? 'ac_sandbox';
  const secretKey = options.secretKey ?? 'sk_sandbox';
  const programs = new Programs({ seed, scale });
  const removed = new Set<string>();
  let nextPageForm: 'cursor' | 'url' | ((path: string) => string) = options.nextPage ?? 'cursor';
  let isEmpty = false;
  let isRevoked = false;
  let epoch = 0;
  let softly: string[] = [];
  let asked: number[] = [];

  /** Counters are those of the last full hour, so that they agree with each other. */
  const counted = (): number => Math.floor(now().getTime() / hour) * hour;

  /** Newest first. */
  const shown = (): Broadcast[] => {
    if (isEmpty) return [];
    const today = dayNumber(now().toISOString().slice(0, 10));
    return programs
      .created(dateOf(today - days), dateOf(today + 1))
      .filter(({ id, createdAt }) => createdAt <= counted() && !removed.has(id))
      .sort((a, b) => b.createdAt - a.createdAt);
  };

  const signIn = ({ headers }: VendorRequest): void => {
    const expected = `Basic ${Buffer.from(`${accountId}:${secretKey}`).toString('base64')}`;
    if (isRevoked || headers.authorization !== expected)
      refuse(401, 'unauthorized', 'The account id or the secret key is not right.');
  };

  const pace = (): void => {
    const at = now().getTime();
    asked = asked.filter((time) => at - time < minute);
    if (asked.length >= requestsPerMinute)
      refuse(429, 'rate_limited', 'More than 300 requests in a minute.', { 'retry-after': '10' });
    asked.push(at);
  };

  /** Items after the one that the cursor names, so that new ones in front move nothing. */
  const page = <T extends { id: string }>(
    request: VendorRequest,
    items: readonly T[],
    size: number,
  ): { items: T[]; next: string | null } => {
    for (const name of request.query.keys())
      if (name !== 'cursor') refuse(422, 'validation_error', `Unknown parameter: ${name}.`);
    const cursor = request.query.get('cursor');
    const [made, after] =
      cursor === null ? [String(epoch), ''] : Buffer.from(cursor, 'base64url').toString().split(' ');
    const at = cursor === null ? -1 : items.findIndex(({ id }) => id === after);
    if (made !== String(epoch) || (cursor !== null && at < 0))
      refuse(400, 'invalid_cursor', 'The cursor is not known any more.');
    const part = items.slice(at + 1, at + 1 + size);
    const last = part.at(-1);
    const hasMore = at + 1 + size < items.length && last !== undefined;
    return { items: part, next: hasMore ? Buffer.from(`${epoch} ${last.id}`).toString('base64url') : null };
  };

  const nextPage = (path: string, cursor: string | null): string | null => {
    if (cursor === null || nextPageForm === 'cursor') return cursor;
    const address = `${path}?cursor=${cursor}`;
    return nextPageForm === 'url' ? `${standIn.url}${address}` : nextPageForm(address);
  };

  const envelope = (data: unknown): VendorAnswer => ({ status: 200, body: { data, errors: [] } });

  const answer = (request: VendorRequest): VendorAnswer => {
    const { method, path } = request;
    signIn(request);
    pace();
    const code = softly.shift();
    if (code !== undefined)
      return {
        status: 200,
        body: {
          data: null,
          errors: [{ code, title: code, description: 'Told in an answer that looks well.' }],
        },
      };
    if (method !== 'GET') refuse(405, 'method_not_allowed', 'Use GET.');
    if (path === '/v1/whoami')
      return envelope({
        account_id: accountId,
        account_name: 'Riverside Sandbox Texting',
        permissions: ['read'],
      });
    if (path === '/v1/broadcasts') {
      const { items, next } = page(request, shown(), broadcastsAPage);
      const at = counted();
      return envelope({
        page: items.map((item) => shownBroadcast(item, at)),
        next_page: nextPage(path, next),
      });
    }
    const [, id, messages] = /^\/v1\/broadcasts\/([^/]+)(\/phone_messages)?$/.exec(path) ?? [];
    const broadcast = shown().find((known) => known.id === id);
    if (!broadcast) return refuse(404, 'not_found', 'There is no such thing.');
    if (messages === undefined) return envelope(shownBroadcast(broadcast, counted()));
    const { items, next } = page(request, sentMessages(broadcast, counted()), messagesAPage);
    return envelope({ page: items.map(shownMessage), next_page: nextPage(path, next) });
  };

  const standIn = await startStandIn(answer, {
    port,
    now,
    errorBody: (status) => ({
      data: null,
      errors: [{ code: `http_${status}`, title: 'Error', description: `Failed with ${status}.` }],
    }),
  });

  return {
    ...standIn,
    accountId,
    secretKey,
    truth: (stream, { from, to }, timeZone) => {
      const within = shown().filter(({ createdAt }) => {
        const day = localDate(new Date(createdAt), timeZone);
        return day >= from && day < to;
      });
      return truthOf(stream, within, counted(), timeZone);
    },
    empty: () => void (isEmpty = true),
    revoke: () => void (isRevoked = true),
    restore: () => void (isRevoked = false),
    expirePages: () => void (epoch += 1),
    nameNextPage: (form) => void (nextPageForm = form),
    remove: (id) => void removed.add(id),
    failSoftly: (...codes) => void (softly = codes),
  };
};
