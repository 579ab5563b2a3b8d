/** Switchboard's streams: broadcasts with their counters, and of each broadcast its messages, the replies and the opt-outs. */
import { streamDefaults, type ApiRequest, type ApiStream, type PageOrigin } from '../kit/api/api-stream';
import type { ApiRow } from '../kit/api/api-row';
import type { Column } from '../kit/column';
import type { Page } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { wallClockToUtc, wallDate } from '../kit/types/wall-clock';
import { SwitchboardApi, type Item } from './switchboard-api';
import { currency, type SwitchboardConfig, type SwitchboardCredentials } from './switchboard-config';

type Request = ApiRequest<SwitchboardConfig, SwitchboardCredentials>;
type Origin = PageOrigin<SwitchboardConfig>;
type Stream<Body> = ApiStream<SwitchboardConfig, SwitchboardCredentials, Body>;

/** Counters grow for a month, so a month is read again, broadcast by broadcast: by the day on which each was created. */
const monthly = {
  ...streamDefaults,
  mode: 'replace-window',
  lookbackDays: 30,
  provisionalDays: 30,
  slicing: { days: 30, mostDays: 366, historyDays: null },
} as const;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;

/** What is no time stays as it is, so that the row is rejected and seen. */
const dayOf = (created: unknown, timeZone: string): string | null => {
  const text = textOf(created);
  const instant =
    text === null
      ? null
      : wallClockToUtc(text.includes('T') && /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`, 'UTC');
  return instant === null ? text : wallDate(instant, timeZone);
};

const isWithin = (day: string | null, { from = '', to = '~' }: Request['slice']): boolean =>
  day === null || (day >= from && day < to);

/**
 * Broadcasts of the slice, page by page of the whole list: no filter is known. Once each page so far was newest first, a page that is
 * older than the slice ends it.
 */
const broadcastsOf = async function* (
  api: SwitchboardApi,
  { slice, config }: Request,
): AsyncGenerator<{ items: Item[]; isLast: boolean }> {
  let latest = '~';
  let isNewestFirst = true;
  for await (const { items, isLast } of api.pages('/v1/broadcasts', 'title')) {
    const days = items.map((item) => dayOf(item['created_at'], config.timeZone));
    for (const day of days) {
      isNewestFirst &&= day !== null && day <= latest;
      latest = day ?? latest;
    }
    const isPast = isNewestFirst && days.every((day) => day !== null && day < (slice.from ?? ''));
    const ends = isLast || (items.length > 0 && isPast);
    yield { items: items.filter((_, at) => isWithin(days[at] ?? null, slice)), isLast: ends };
    if (ends) return;
  }
};

interface BroadcastsPage {
  broadcasts: Item[];
}

const broadcastColumns: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'title', type: 'text' },
  { name: 'status', type: 'text' },
  { name: 'created_on', type: 'date' },
  { name: 'created_at', type: 'timestamp' },
  { name: 'message_text', type: 'text' },
  { name: 'phone_list_id', type: 'text' },
  { name: 'phone_list_name', type: 'text' },
  { name: 'total_messages', type: 'bigint' },
  { name: 'delivered', type: 'bigint' },
  { name: 'failed_to_deliver', type: 'bigint' },
  { name: 'skipped', type: 'bigint' },
  { name: 'previously_opted_out', type: 'bigint' },
  { name: 'clicks', type: 'bigint' },
  { name: 'replies', type: 'bigint' },
  { name: 'opt_outs', type: 'bigint' },
  { name: 'donations', type: 'bigint' },
  { name: 'amount_raised', type: 'numeric' },
  { name: 'cost_estimate', type: 'numeric' },
  { name: 'currency', type: 'text' },
];

const broadcasts: Stream<BroadcastsPage> = {
  ...monthly,
  name: 'broadcasts',
  description: 'Each broadcast with its counters, which grow for a month.',
  key: ['id'],
  cursor: 'created_on',
  columns: broadcastColumns,
  pages: async function* (request, context) {
    const api = new SwitchboardApi(request.credentials, context);
    for await (const { items } of broadcastsOf(api, request)) yield { body: { broadcasts: items } };
  },
  rows: function* (page, { config }) {
    for (const item of page.broadcasts)
      yield { ...item, created_on: dayOf(item['created_at'], config.timeZone), currency };
  },
};

interface MessagesPage {
  broadcast: { id: string; created_at: string };
  messages: Item[];
}

/** @param counter of a broadcast: while it is 0, its messages hold nothing for this stream */
const messagePages = (counter?: string) =>
  async function* (request: Request, context: ConnectorContext): AsyncGenerator<Page<MessagesPage>> {
    const api = new SwitchboardApi(request.credentials, context);
    const wanted: Item[] = [];
    for await (const { items } of broadcastsOf(api, request)) wanted.push(...items);
    for (const [place, item] of wanted.entries()) {
      if (counter !== undefined && Number(item[counter]) === 0) continue;
      const broadcast = { id: String(item['id']), created_at: String(item['created_at']) };
      const path = `/v1/broadcasts/${encodeURIComponent(broadcast.id)}/phone_messages`;
      for await (const { items: messages, isLast } of api.pages(path, 'phone_number'))
        yield { body: { broadcast, messages }, progress: (place + (isLast ? 1 : 0.5)) / wanted.length };
    }
  };

const ofBroadcast = ({ broadcast }: MessagesPage, { config }: Origin): ApiRow => ({
  broadcast_id: broadcast.id,
  broadcast_on: dayOf(broadcast.created_at, config.timeZone),
});

const messageKey: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'broadcast_id', type: 'text' },
  { name: 'broadcast_on', type: 'date' },
  { name: 'phone_number', type: 'text' },
];

const messages: Stream<MessagesPage> = {
  ...monthly,
  name: 'messages',
  description: 'Each text message: when it was sent and delivered, and what came of it.',
  key: ['id'],
  cursor: 'broadcast_on',
  columns: [
    ...messageKey,
    { name: 'status', type: 'text' },
    { name: 'sent_at', type: 'timestamp' },
    { name: 'delivered_at', type: 'timestamp' },
    { name: 'failed_at', type: 'timestamp' },
    { name: 'clicks', type: 'bigint' },
    { name: 'last_click_at', type: 'timestamp' },
    { name: 'replied_at', type: 'timestamp' },
    { name: 'opted_out_at', type: 'timestamp' },
    { name: 'donations', type: 'bigint' },
    { name: 'amount_raised', type: 'numeric' },
    { name: 'currency', type: 'text' },
  ],
  pages: messagePages(),
  rows: function* (page, origin) {
    for (const item of page.messages) yield { ...item, ...ofBroadcast(page, origin), currency };
  },
};

const replies: Stream<MessagesPage> = {
  ...monthly,
  name: 'replies',
  description: 'Messages that were answered, with the answer where Switchboard gives it.',
  key: ['id'],
  cursor: 'broadcast_on',
  columns: [...messageKey, { name: 'replied_at', type: 'timestamp' }, { name: 'reply_text', type: 'text' }],
  pages: messagePages('replies'),
  rows: function* (page, origin) {
    for (const item of page.messages)
      if (textOf(item['replied_at']) !== null) yield { ...item, ...ofBroadcast(page, origin) };
  },
};

const optOuts: Stream<MessagesPage> = {
  ...monthly,
  name: 'opt_outs',
  description: 'People who asked for no more messages, by the message after which they did.',
  key: ['id'],
  cursor: 'broadcast_on',
  columns: [...messageKey, { name: 'opted_out_at', type: 'timestamp' }],
  pages: messagePages('opt_outs'),
  rows: function* (page, origin) {
    for (const item of page.messages)
      if (textOf(item['opted_out_at']) !== null) yield { ...item, ...ofBroadcast(page, origin) };
  },
};

export const switchboardStreams = [broadcasts, messages, replies, optOuts];
