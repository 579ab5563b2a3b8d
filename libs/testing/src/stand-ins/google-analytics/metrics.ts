/** The metrics that the sandbox knows: how each follows from what was counted, and how Google writes it. */

/** What adds up over days and visitors. Money in hundredths. */
export interface Counts {
  sessions: number;
  engagedSessions: number;
  totalUsers: number;
  newUsers: number;
  screenPageViews: number;
  eventCount: bigint;
  keyEvents: number;
  revenue: number;
  /** Seconds. */
  engagement: number;
  duration: number;
  items: number;
}

export const nothing = (): Counts => ({
  sessions: 0,
  engagedSessions: 0,
  totalUsers: 0,
  newUsers: 0,
  screenPageViews: 0,
  eventCount: 0n,
  keyEvents: 0,
  revenue: 0,
  engagement: 0,
  duration: 0,
  items: 0,
});

export const addTo = (sum: Counts, more: Counts): void => {
  sum.sessions += more.sessions;
  sum.engagedSessions += more.engagedSessions;
  sum.totalUsers += more.totalUsers;
  sum.newUsers += more.newUsers;
  sum.screenPageViews += more.screenPageViews;
  sum.eventCount += more.eventCount;
  sum.keyEvents += more.keyEvents;
  sum.revenue += more.revenue;
  sum.engagement += more.engagement;
  sum.duration += more.duration;
  sum.items += more.items;
};

export type MetricType = 'TYPE_INTEGER' | 'TYPE_FLOAT' | 'TYPE_SECONDS' | 'TYPE_CURRENCY';

export interface Metric {
  type: MetricType;
  value(counts: Counts): string;
  /** `item` metrics go with `item` dimensions only, and the other way round. */
  scope?: 'item';
}

const whole = (field: keyof Counts, type: MetricType = 'TYPE_INTEGER'): Metric => ({
  type,
  value: (counts) => String(counts[field]),
});

const ratio = (
  over: (counts: Counts) => number,
  under: (counts: Counts) => number,
  type: MetricType,
): Metric => ({
  type,
  value: (counts) => String(under(counts) === 0 ? 0 : over(counts) / under(counts)),
});

const float = 'TYPE_FLOAT';

/** Without trailing zeros, as Google writes it. */
const money = (hundredths: number): string => {
  const text = String(hundredths).padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`.replace(/\.?0+$/, '') || '0';
};

export const metrics: Readonly<Record<string, Metric>> = {
  sessions: whole('sessions'),
  engagedSessions: whole('engagedSessions'),
  totalUsers: whole('totalUsers'),
  newUsers: whole('newUsers'),
  screenPageViews: whole('screenPageViews'),
  eventCount: whole('eventCount'),
  keyEvents: { type: float, value: ({ keyEvents }) => String(keyEvents) },
  totalRevenue: { type: 'TYPE_CURRENCY', value: ({ revenue }) => money(revenue) },
  userEngagementDuration: whole('engagement', 'TYPE_SECONDS'),
  engagementRate: ratio(
    (c) => c.engagedSessions,
    (c) => c.sessions,
    float,
  ),
  bounceRate: ratio(
    (c) => c.sessions - c.engagedSessions,
    (c) => c.sessions,
    float,
  ),
  eventsPerSession: ratio(
    (c) => Number(c.eventCount),
    (c) => c.sessions,
    float,
  ),
  eventCountPerUser: ratio(
    (c) => Number(c.eventCount),
    (c) => c.totalUsers,
    float,
  ),
  sessionsPerUser: ratio(
    (c) => c.sessions,
    (c) => c.totalUsers,
    float,
  ),
  screenPageViewsPerSession: ratio(
    (c) => c.screenPageViews,
    (c) => c.sessions,
    float,
  ),
  averageSessionDuration: ratio(
    (c) => c.duration,
    (c) => c.sessions,
    'TYPE_SECONDS',
  ),
  itemsPurchased: { ...whole('items'), scope: 'item' },
  itemRevenue: { type: 'TYPE_CURRENCY', value: ({ revenue }) => money(revenue), scope: 'item' },
};
