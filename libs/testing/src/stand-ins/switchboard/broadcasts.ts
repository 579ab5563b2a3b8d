/** The sandbox's text-message programs: broadcasts, who got them, and what people did in the month after. */
import { chanceOf, datesBetween, dateOf, dayNumber, oneOf, wholeBetween, type Chance } from '../../market';

export interface Message {
  id: string;
  phone: string;
  sentAt: number;
  /** Null where it did not happen (yet). */
  deliveredAt: number | null;
  failedAt: number | null;
  clickedAt: number | null;
  repliedAt: number | null;
  replyText: string | null;
  optedOutAt: number | null;
  donatedAt: number | null;
  /** Given by the person, if at all. */
  cents: number;
}

export interface Broadcast {
  id: string;
  title: string;
  text: string;
  list: { id: string; name: string };
  createdAt: number;
  sentAt: number;
  previouslyOptedOut: number;
  messages: Message[];
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const programs = [
  {
    name: 'Rapid response',
    text: 'Sandbox: this just happened. Can you chip in $10 now?',
    list: 'All donors',
  },
  {
    name: 'End-of-month deadline',
    text: 'Sandbox: midnight is our deadline. Still time to give:',
    list: 'Active 90 days',
  },
  { name: 'Welcome', text: 'Sandbox: glad to have you! Reply YES to volunteer.', list: 'New this week' },
  {
    name: 'Volunteer shift',
    text: 'Sandbox: join us this Saturday? Reply with your ZIP.',
    list: 'Volunteers',
  },
  { name: 'Issue survey', text: 'Sandbox: what matters most to you? 1 question:', list: 'All supporters' },
] as const;

const replies = [
  'YES',
  'Yes, count me in!',
  'Who is this?',
  '43215',
  'Already gave 🙂',
  'Not this time',
  'STOP texting me',
] as const;
const gifts = [500, 1_000, 1_500, 2_500, 5_000, 10_000] as const;

const daysBetweenBroadcasts = 3.5;

export interface ProgramOptions {
  seed: string | number;
  /** 1 gives 60 to 140 messages a broadcast. */
  scale: number;
}

export class Programs {
  private readonly chance: Chance;
  private readonly known = new Map<string, Broadcast[]>();

  constructor(private readonly options: ProgramOptions) {
    this.chance = chanceOf(options.seed);
  }

  /** Created on these dates (UTC; `to` excluded), oldest first. */
  created(from: string, to: string): Broadcast[] {
    return datesBetween(from, to).flatMap((date) => this.createdOn(date));
  }

  private createdOn(date: string): Broadcast[] {
    const known = this.known.get(date) ?? this.roll(date);
    this.known.set(date, known);
    return known;
  }

  private roll(date: string): Broadcast[] {
    const count =
      this.chance('broadcasts', date) < 1 / daysBetweenBroadcasts
        ? 1 + Math.round(this.chance('two', date) * 0.7)
        : 0;
    return Array.from({ length: count }, (_, number) => this.broadcast(date, number));
  }

  private broadcast(date: string, number: number): Broadcast {
    const pick = (what: string): number => this.chance('broadcast', date, number, what);
    const program = oneOf(pick('program'), [...programs] as [
      (typeof programs)[number],
      ...(typeof programs)[number][],
    ]);
    // In the evening of America, when it is the next day in UTC, too.
    const createdAt = Date.parse(`${date}T00:00:00Z`) + wholeBetween(pick('minute'), 0, 1_439) * minute + 120;
    const sentAt = createdAt + (pick('scheduled') < 0.2 ? 2 * day : 5 * minute);
    const id = `br_${dayNumber(date)}${number}`;
    const size = Math.round(wholeBetween(pick('size'), 60, 140) * this.options.scale);
    return {
      id,
      title: `${program.name} ${dateOf(dayNumber(date))}`,
      text: program.text,
      list: { id: `pl_${program.list.length}`, name: program.list },
      createdAt,
      sentAt,
      previouslyOptedOut: wholeBetween(pick('opted out'), 0, 12),
      messages: Array.from({ length: size }, (_, place) => this.message(id, sentAt, place)),
    };
  }

  private message(broadcast: string, sent: number, place: number): Message {
    const pick = (what: string): number => this.chance('message', broadcast, place, what);
    const sentAt = sent + place * 1_000;
    const isDelivered = pick('delivered') < 0.95;
    /** What happens to some, within so many days, mostly early. */
    const after = (what: string, share: number, days: number): number | null =>
      isDelivered && pick(what) < share
        ? sentAt + minute + Math.floor(pick(`${what} after`) ** 3 * days * day)
        : null;
    const repliedAt = after('reply', 0.09, 12);
    const donatedAt = after('gift', 0.06, 29);
    return {
      id: `pm_${(9_007_199_254_740_993n + BigInt(broadcast.slice(3)) * 1_000n + BigInt(place)).toString()}`,
      phone: `+1555${String(wholeBetween(pick('phone'), 1_000_000, 9_999_999))}`,
      sentAt,
      deliveredAt: isDelivered ? sentAt + 4_000 : null,
      failedAt: isDelivered ? null : sentAt + 9_000,
      clickedAt: after('click', 0.14, 5),
      repliedAt,
      replyText: repliedAt === null ? null : oneOf(pick('text'), replies),
      optedOutAt: after('stop', 0.05, 8),
      donatedAt,
      cents: donatedAt === null ? 0 : oneOf(pick('cents'), gifts),
    };
  }
}
