/** What Switchboard shows of a broadcast and its messages at a moment: counters hold what has happened so far. */
import type { Broadcast, Message } from './broadcasts';

const time = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString().replace(/(\.\d{3})Z$/, '$1000+00:00');

/** Nothing is shown that is still to come. */
const until = (at: number | null, now: number): number | null => (at !== null && at <= now ? at : null);

export const soFar = (message: Message, now: number): Message => ({
  ...message,
  deliveredAt: until(message.deliveredAt, now),
  failedAt: until(message.failedAt, now),
  clickedAt: until(message.clickedAt, now),
  repliedAt: until(message.repliedAt, now),
  replyText: until(message.repliedAt, now) === null ? null : message.replyText,
  optedOutAt: until(message.optedOutAt, now),
  donatedAt: until(message.donatedAt, now),
  cents: until(message.donatedAt, now) === null ? 0 : message.cents,
});

export const sentMessages = ({ messages }: Broadcast, now: number): Message[] =>
  messages.filter(({ sentAt }) => sentAt <= now).map((message) => soFar(message, now));

export const money = (cents: number): string => (cents / 100).toFixed(2);

/** $0.0185 a message, in four digits. */
export const costOf = (messages: number): string => ((messages * 185) / 10_000).toFixed(4);

export const statusOf = (message: Message): string => {
  if (message.deliveredAt !== null) return 'delivered';
  return message.failedAt === null ? 'sent' : 'failed';
};

export const stateOf = ({ sentAt, messages }: Broadcast, now: number): string => {
  if (now < sentAt) return 'scheduled';
  return now < sentAt + messages.length * 1_000 ? 'sending' : 'sent';
};

export interface Counters {
  total: number;
  delivered: number;
  failed: number;
  clicks: number;
  replies: number;
  optOuts: number;
  donations: number;
  cents: number;
}

export const countersOf = (broadcast: Broadcast, now: number): Counters => {
  const sent = sentMessages(broadcast, now);
  const count = (of: (message: Message) => number | null): number =>
    sent.filter((message) => of(message) !== null).length;
  return {
    total: sent.length,
    delivered: count(({ deliveredAt }) => deliveredAt),
    failed: count(({ failedAt }) => failedAt),
    clicks: count(({ clickedAt }) => clickedAt),
    replies: count(({ repliedAt }) => repliedAt),
    optOuts: count(({ optedOutAt }) => optedOutAt),
    donations: count(({ donatedAt }) => donatedAt),
    cents: sent.reduce((sum, { cents }) => sum + cents, 0),
  };
};

export const shownBroadcast = (broadcast: Broadcast, now: number): Record<string, unknown> => {
  const counters = countersOf(broadcast, now);
  return {
    id: broadcast.id,
    title: broadcast.title,
    description: null,
    status: stateOf(broadcast, now),
    clicks: counters.clicks,
    donations: counters.donations,
    amount_raised: money(counters.cents),
    cost_estimate: costOf(counters.total),
    total_messages: counters.total,
    previously_opted_out: broadcast.previouslyOptedOut,
    skipped: 0,
    failed_to_deliver: counters.failed,
    delivered: counters.delivered,
    opt_outs: counters.optOuts,
    replies: counters.replies,
    message_text: broadcast.text,
    phone_list_id: broadcast.list.id,
    phone_list_name: broadcast.list.name,
    created_at: time(broadcast.createdAt),
  };
};

export const shownMessage = (message: Message): Record<string, unknown> => ({
  id: message.id,
  phone_number: message.phone,
  status: statusOf(message),
  click_url: 'https://sandbox.example/give',
  clicks: message.clickedAt === null ? 0 : 1,
  sent_at: time(message.sentAt),
  delivered_at: time(message.deliveredAt),
  failed_at: time(message.failedAt),
  last_click_at: time(message.clickedAt),
  replied_at: time(message.repliedAt),
  reply_text: message.replyText,
  opted_out_at: time(message.optedOutAt),
  donations: message.donatedAt === null ? 0 : 1,
  amount_raised: money(message.cents),
  metadata: {},
});
