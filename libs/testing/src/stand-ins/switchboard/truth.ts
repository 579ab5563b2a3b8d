/** The rows that a complete sync has to end with, told from the programs and not from any answer. */
import { localDate } from '../../market';
import type { Broadcast, Message } from './broadcasts';
import { costOf, countersOf, money, sentMessages, stateOf, statusOf } from './shown';

export type TruthRow = Record<string, string | null>;
export type SwitchboardStream = 'broadcasts' | 'messages' | 'replies' | 'opt_outs';

const utc = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** @param broadcasts those of the days asked for */
export const truthOf = (
  stream: SwitchboardStream,
  broadcasts: readonly Broadcast[],
  now: number,
  timeZone: string,
): TruthRow[] => {
  const dayOf = (at: number): string => localDate(new Date(at), timeZone);
  const eachMessage = (rowOf: (message: Message, of: TruthRow) => TruthRow | null): TruthRow[] =>
    broadcasts.flatMap((broadcast) => {
      const of = { broadcast_id: broadcast.id, broadcast_on: dayOf(broadcast.createdAt) };
      return sentMessages(broadcast, now)
        .map((message) => rowOf(message, { id: message.id, ...of, phone_number: message.phone }))
        .filter((row) => row !== null);
    });
  switch (stream) {
    case 'broadcasts':
      return broadcasts.map((broadcast) => {
        const counters = countersOf(broadcast, now);
        return {
          id: broadcast.id,
          title: broadcast.title,
          status: stateOf(broadcast, now),
          created_on: dayOf(broadcast.createdAt),
          created_at: utc(broadcast.createdAt),
          total_messages: String(counters.total),
          delivered: String(counters.delivered),
          clicks: String(counters.clicks),
          replies: String(counters.replies),
          opt_outs: String(counters.optOuts),
          donations: String(counters.donations),
          amount_raised: money(counters.cents),
          cost_estimate: costOf(counters.total),
          currency: 'USD',
        };
      });
    case 'messages':
      return eachMessage((message, of) => ({
        ...of,
        status: statusOf(message),
        sent_at: utc(message.sentAt),
        delivered_at: utc(message.deliveredAt),
        replied_at: utc(message.repliedAt),
        opted_out_at: utc(message.optedOutAt),
        amount_raised: money(message.cents),
      }));
    case 'replies':
      return eachMessage((message, of) =>
        message.repliedAt === null
          ? null
          : { ...of, replied_at: utc(message.repliedAt), reply_text: message.replyText },
      );
    case 'opt_outs':
      return eachMessage((message, of) =>
        message.optedOutAt === null ? null : { ...of, opted_out_at: utc(message.optedOutAt) },
      );
  }
};
