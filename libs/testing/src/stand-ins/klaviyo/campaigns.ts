/** Campaigns of the sandbox account: at most one a day, by email or text message, with the next ten days scheduled ahead. */
import { dateOf, dayNumber, oneOf, wholeBetween } from '../../market';
import { subjects } from './names';
import type { Resource } from './resource';
import { idOf, iso, type World } from './world';

export interface Campaign {
  place: number;
  channel: 'email' | 'sms';
  date: string;
  /** Epoch milliseconds. */
  sendTime: number;
  id: string;
  messageId: string;
  name: string;
  subject: string;
}

const campaignId = (world: World, kind: string, day: number): string =>
  `01K${String(day)}${idOf(world.chance, 18, kind, day).toUpperCase()}`;

const known = new WeakMap<World, Map<number, Campaign | null>>();

/** At most one campaign goes out a day. */
export const campaignOn = (world: World, day: number): Campaign | null => {
  const days = known.get(world) ?? new Map<number, Campaign | null>();
  known.set(world, days);
  const found = days.get(day);
  if (found !== undefined) return found;
  const made = makeCampaign(world, day);
  days.set(day, made);
  return made;
};

const makeCampaign = (world: World, day: number): Campaign | null => {
  const weekday = (day + 4) % 7;
  const channel = day % 10 === 0 ? 'sms' : 'email';
  if (channel === 'email' && ![2, 4, 0].includes(weekday)) return null;
  const [name, subject] = oneOf(world.chance('campaign', day), subjects);
  const date = dateOf(day);
  return {
    place: day,
    channel,
    date,
    sendTime: Date.parse(`${date}T15:00:00Z`) + wholeBetween(world.chance('send', day), 0, 3_600) * 1_000,
    id: campaignId(world, 'campaign', day),
    messageId: campaignId(world, 'message', day),
    name: `${date} ${name}${channel === 'sms' ? ' (text message)' : ''}`,
    subject,
  };
};

/** April 2, 2025. */
const firstCampaignDay = 20_180;

/** All there ever were; the next ones are drafted and scheduled ten days ahead. */
export const campaigns = (world: World, now: Date): Campaign[] => {
  const last = dayNumber(now.toISOString().slice(0, 10)) + 10;
  if (world.isEmpty()) return [];
  return Array.from({ length: Math.max(0, last - firstCampaignDay) }, (_, place) =>
    campaignOn(world, firstCampaignDay + place),
  ).filter((campaign): campaign is Campaign => campaign !== null);
};

const archivedAfter = 150 * 86_400_000;

export const campaignMessages = (world: World, now: Date): Resource[] =>
  campaigns(world, now).map(({ messageId, name, channel, subject, sendTime }) => ({
    type: 'campaign-message',
    id: messageId,
    attributes: {
      definition: {
        channel,
        label: name,
        content:
          channel === 'email'
            ? { subject, preview_text: subject, from_email: 'hello@example.com' }
            : { body: subject },
      },
      send_times: [{ datetime: iso(sendTime), is_local: false }],
      created_at: iso(sendTime - 864_000_000),
      updated_at: iso(sendTime - 864_000_000),
    },
  }));

/** Edited after it was drafted, counted up after it was sent, archived at last. */
const lastChange = (time: number, created: number, sendTime: number): number => {
  const changes = [created, created + 7_200_000, sendTime, sendTime + 1_800_000, sendTime + archivedAfter];
  return changes.filter((at) => at <= time).at(-1) ?? Math.min(created, time);
};

export const campaignResources = (world: World, now: Date): Resource[] =>
  campaigns(world, now).map(({ id, messageId, name, channel, sendTime, place }) => {
    const time = now.getTime();
    const created = sendTime - wholeBetween(world.chance('drafted', place), 11, 14) * 86_400_000;
    const sent = sendTime <= time;
    const archived = sendTime + archivedAfter <= time;
    return {
      type: 'campaign',
      id,
      attributes: {
        name,
        status: sent ? 'Sent' : 'Scheduled',
        archived,
        audiences: { included: [idOf(world.chance, 6, 'list', place % 3)], excluded: [] },
        send_options: { use_smart_sending: true },
        tracking_options: { is_tracking_clicks: true, is_tracking_opens: true },
        send_strategy: { method: 'static', datetime: iso(sendTime) },
        created_at: iso(created),
        scheduled_at: iso(created + 3_600_000),
        updated_at: iso(lastChange(time, created, sendTime)),
        send_time: iso(sendTime),
      },
      relationships: { 'campaign-messages': [{ type: 'campaign-message', id: messageId }], tags: [] },
      hidden: { 'messages.channel': channel },
    };
  });
