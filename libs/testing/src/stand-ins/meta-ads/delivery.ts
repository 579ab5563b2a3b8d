/** What an ad did on a day, as Meta shows it now: what was shown settles in three days, what came of it in 28. */
import { localDate, maturityOf, dayNumber, seasonOf, type Chance } from '../../market';
import { ran, type Ad, type World } from './world';

/** Once, since globals are slow to reach within Jest. */
const { floor } = Math;

export interface Delivery {
  impressions: number;
  clicks: number;
  linkClicks: number;
  /** Hundredths of the account's currency. */
  spent: number;
  reach: number;
  leads: number;
  addsToCart: number;
  purchases: number;
  /** Hundredths of the account's currency. */
  earned: number;
}

export const shownDays = 3;
export const attributionDays = 28;

interface Final extends Delivery {
  isNone: boolean;
}

/** The same seed gives the same days: several stand-ins of a process share them. */
const finals = new Map<string, Map<string, Final>>();

const none: Final = {
  impressions: 0, clicks: 0, linkClicks: 0, spent: 0, reach: 0, leads: 0, addsToCart: 0, purchases: 0, earned: 0, isNone: true,
}; // prettier-ignore

const finalOf = (chance: Chance, scale: number, ad: Ad, date: string): Final => {
  const { objective } = ad.adSet.campaign;
  const mood = chance(ad.id, date);
  // Now and then an ad is not shown for a day; Meta has no row then.
  if (mood < 0.02) return none;
  const impressions = Math.round(2_600 * scale * ad.weight * seasonOf(date, chance) * (0.7 + 0.6 * mood));
  const clicks = Math.round(impressions * (0.011 + 0.012 * chance('clicks', ad.id)));
  const linkClicks = Math.round(clicks * 0.72);
  const spent = Math.round(impressions * (0.62 + 0.6 * chance('price', ad.id)));
  const sells = objective === 'OUTCOME_SALES' ? 0.035 : objective === 'OUTCOME_TRAFFIC' ? 0.012 : 0.003;
  const purchases = Math.round(linkClicks * sells * (0.5 + chance('sells', ad.id, date)));
  const leads = objective === 'OUTCOME_LEADS' ? Math.round(linkClicks * 0.09 * (0.6 + 0.8 * mood)) : 0;
  return {
    impressions,
    clicks,
    linkClicks,
    spent,
    reach: Math.round(impressions * 0.81),
    leads,
    addsToCart: purchases * 3 + Math.round(linkClicks * 0.01),
    purchases,
    earned: purchases * Math.round(4_200 + 5_200 * chance('basket', ad.id, date)),
    isNone: false,
  };
};

/** Null on days without delivery. */
export const deliveryOf = (world: World, ad: Ad, date: string, now: Date): Delivery | null => {
  const { campaign } = ad.adSet;
  if (!ran(campaign, date)) return null;
  const age = dayNumber(localDateOf(now, campaign.account.timeZone)) - dayNumber(date);
  if (age < 0) return null;
  const part = `${world.seed} ${world.scale}`;
  const known = finals.get(part) ?? new Map<string, Final>();
  finals.set(part, known);
  const key = `${ad.id}${date}`;
  const final = known.get(key) ?? finalOf(world.chance, world.scale, ad, date);
  known.set(key, final);
  if (final.isNone) return null;
  const soFar = shareOfDay(passed(date, now, campaign.account.timeZone));
  const [shown, attributed] = [shownDays, attributionDays].map((days) => maturityOf(age, days) * soFar) as [number, number]; // prettier-ignore
  const purchases = floor(final.purchases * attributed);
  return {
    impressions: floor(final.impressions * shown),
    clicks: floor(final.clicks * shown),
    linkClicks: floor(final.linkClicks * shown),
    spent: floor(final.spent * shown),
    reach: floor(final.reach * shown),
    leads: floor(final.leads * attributed),
    addsToCart: floor(final.addsToCart * attributed),
    purchases,
    earned: final.purchases === 0 ? 0 : floor((final.earned * purchases) / final.purchases),
  };
};

const dates = new Map<string, string>();

/** Asked again and again for the same moment. */
export const localDateOf = (now: Date, timeZone: string): string => {
  const key = `${timeZone}${floor(now.getTime() / 60_000)}`;
  const found = dates.get(key) ?? localDate(now, timeZone);
  if (dates.size > 1_000) dates.clear();
  dates.set(key, found);
  return found;
};

/** Share of a day's delivery in each hour. */
const hours = [1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 6, 6, 5, 5, 5, 5, 6, 7, 8, 8, 6, 4, 2];

/** The hours of a day that have passed there; all of them once the day is over. */
const passed = (date: string, now: Date, timeZone: string): number => {
  if (localDateOf(now, timeZone) !== date) return 24;
  const hour = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(now);
  return Number(hour) + 1;
};

const whole = [
  'impressions',
  'clicks',
  'linkClicks',
  'spent',
  'reach',
  'leads',
  'addsToCart',
  'purchases',
  'earned',
] as const;

const total = (weights: readonly number[]): number => weights.reduce((sum, weight) => sum + weight, 0);
const shareOfDay = (passedHours: number): number => total(hours.slice(0, passedHours)) / total(hours);

/** A day by hours, together exactly the day. */
export const byHour = (
  day: Delivery,
  date: string,
  now: Date,
  timeZone: string,
): { hour: number; delivery: Delivery }[] => {
  const weights = hours.slice(0, passed(date, now, timeZone));
  const all = total(weights);
  let before = 0;
  return weights.map((weight, hour) => {
    const [from, to] = [before / all, (before + weight) / all];
    before += weight;
    const part = (name: keyof Delivery): number => floor(day[name] * to) - floor(day[name] * from);
    return {
      hour,
      delivery: Object.fromEntries(whole.map((name) => [name, part(name)])) as unknown as Delivery,
    };
  });
};

export const sum = (parts: readonly Delivery[]): Delivery =>
  Object.fromEntries(
    whole.map((name) => [name, parts.reduce((total, part) => total + part[name], 0)]),
  ) as unknown as Delivery;
