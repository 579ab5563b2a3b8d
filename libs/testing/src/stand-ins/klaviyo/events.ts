/** Events of the sandbox account: some dozens a day, a few of them told late, as shops' systems do. */
import { dateOf, dayNumber, oneOf, seasonOf, wholeBetween } from '../../market';
import { campaignOn, type Campaign } from './campaigns';
import { listNames, products, type MetricName } from './names';
import type { Resource } from './resource';
import { flowId, idOf, metricId, profileId, type World } from './world';

/** A number in JSON with exactly these digits (JSON.parse source text access, ECMAScript 2026). */
const digits = (text: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);

/** Name and how many of a hundred events are of it. */
const shares: readonly (readonly [MetricName, number])[] = [
  ['Received Email', 26],
  ['Opened Email', 18],
  ['Viewed Product', 19],
  ['Clicked Email', 8],
  ['Added to Cart', 8],
  ['Started Checkout', 6],
  ['Placed Order', 7],
  ['Subscribed to List', 4],
  ['Received SMS', 2],
  ['Unsubscribed from List', 1],
  ['Bounced Email', 1],
];

export interface KnownEvent {
  resource: Resource;
  metric: MetricName;
  /** Epoch milliseconds. */
  at: number;
  /** When Klaviyo heard of it; it is in no answer before. */
  heardAt: number;
  /** Decimal text; null for events without a value. */
  value: string | null;
  profileId: string;
}

const metricOf = (chance: number): MetricName => {
  let left = chance * 100;
  for (const [name, share] of shares) {
    left -= share;
    if (left < 0) return name;
  }
  return 'Viewed Product';
};

const eventOf = (world: World, day: number, place: number, recent: readonly Campaign[]): KnownEvent => {
  const { chance } = world;
  const about = [day, place] as const;
  const metric = metricOf(chance('metric', ...about));
  const at = day * 86_400_000 + Math.floor(chance('time', ...about) * 86_400) * 1_000;
  const late =
    chance('late', ...about) < 0.04 ? wholeBetween(chance('delay', ...about), 1, 60) * 3_600_000 : 0;
  const buyer = profileId(world, Math.floor(chance('who', ...about) * world.profileCount * 0.55));
  const [product, price] = oneOf(chance('product', ...about), products);
  const pieces = wholeBetween(chance('pieces', ...about), 1, 4);
  const cents = Math.round(price * 100) * pieces;
  // Sums converted from other currencies have more digits than a double keeps.
  const exact = place % 9 === 4 ? `${(cents / 100).toFixed(2)}12345678901234` : (cents / 100).toFixed(2);
  const value = metric === 'Placed Order' || metric === 'Started Checkout' ? exact : null;
  const campaign =
    recent.length > 0 ? recent[Math.floor(chance('which', ...about) * recent.length)] : undefined;
  const mailed = /Email|SMS/.test(metric);
  // Three of ten messages come from a flow, the others from a campaign.
  const flow =
    mailed && chance('automatic', ...about) < 0.3
      ? flowId(world, Math.floor(chance('flow', ...about) * 6))
      : null;
  const attributed = metric === 'Placed Order' && chance('attributed', ...about) < 0.45;
  const properties = {
    ...(value !== null && {
      $value: digits(value),
      $value_currency: 'USD',
      OrderId: digits(String(9_007_199_254_740_993n + BigInt(day) * 1_000n + BigInt(place))),
      ItemNames: [product],
    }),
    ...(/Product|Cart/.test(metric) && { ProductName: product, Price: price }),
    ...(/List/.test(metric) && { List: oneOf(chance('list', ...about), listNames) }),
    ...(flow !== null && { $flow: flow, $message: idOf(chance, 6, 'message', flow) }),
    ...((mailed || attributed) &&
      flow === null &&
      campaign && {
        $message: campaign.messageId,
        'Campaign Name': campaign.name,
        Subject: campaign.subject,
      }),
  };
  const id = idOf(chance, 11, 'event', ...about);
  return {
    metric,
    at,
    heardAt: at + late,
    value,
    profileId: buyer,
    resource: {
      type: 'event',
      id,
      attributes: {
        timestamp: at / 1_000,
        event_properties: properties,
        datetime: new Date(at).toISOString(),
        uuid: `${idOf(chance, 8, 'uuid', ...about).toLowerCase()}-3c1a-11f0-8001-${id.toLowerCase()}0`,
      },
      relationships: {
        profile: { type: 'profile', id: buyer },
        metric: { type: 'metric', id: metricId(world, metric) },
        attributions: [],
      },
      hidden: { metric_id: metricId(world, metric), profile_id: buyer, metric: metric, profile: buyer },
    },
  };
};

export interface EventBook {
  /** Those that happened from `from` (included) to `to` (excluded, epoch milliseconds) and that Klaviyo knows of. */
  between(from: number, to: number): KnownEvent[];
  /** Adds events of a shop whose clock runs ahead. */
  addFuture(at: Date[]): void;
}

/** The same seed gives the same days: several stand-ins of a process share them. */
const written = new Map<string, Map<number, KnownEvent[]>>();

const daysOf = (world: World): Map<number, KnownEvent[]> => {
  const key = [world.seed, world.profileCount, world.eventsADay].join();
  const days = written.get(key) ?? new Map<number, KnownEvent[]>();
  written.set(key, days);
  return days;
};

export const eventBook = (world: World, now: () => Date): EventBook => {
  const days = daysOf(world);
  let ahead: KnownEvent[] = [];
  const ofDay = (day: number): KnownEvent[] => {
    const known = days.get(day);
    if (world.isQuiet(dateOf(day))) return [];
    if (known) return known;
    const date = dateOf(day);
    const count = Math.round(world.eventsADay * seasonOf(date, world.chance));
    const recent = Array.from({ length: 10 }, (_, age) => campaignOn(world, day - age)).filter(
      (campaign): campaign is Campaign => campaign !== null && campaign.sendTime < (day + 1) * 86_400_000,
    );
    const events = Array.from({ length: count }, (_, place) => eventOf(world, day, place, recent));
    days.set(day, events);
    return events;
  };
  return {
    between(from, to) {
      if (world.isEmpty()) return [];
      const time = now().getTime();
      const today = dayNumber(now().toISOString().slice(0, 10));
      const first = Math.max(Math.floor(from / 86_400_000), today - world.historyDays);
      const last = Math.min(Math.floor((to - 1) / 86_400_000), today);
      const found: KnownEvent[] = [];
      for (let day = first; day <= last; day++) {
        for (const event of ofDay(day))
          if (event.at >= from && event.at < to && event.heardAt <= time) found.push(event);
      }
      found.push(...ahead.filter(({ at }) => at >= from && at < to));
      return found.sort((a, b) => a.at - b.at || (a.resource.id < b.resource.id ? -1 : 1));
    },
    addFuture(moments) {
      ahead = moments.map((at, place) => {
        const event = eventOf(world, 90_000 + place, 0, []);
        const attributes = {
          ...event.resource.attributes,
          datetime: at.toISOString(),
          timestamp: at.getTime() / 1_000,
        };
        return { ...event, at: at.getTime(), heardAt: 0, resource: { ...event.resource, attributes } };
      });
    },
  };
};
