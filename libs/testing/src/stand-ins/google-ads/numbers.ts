/** The numbers of one day, device and network: drawn from the market, restated with age, and shared out among what they are made of. */
import { dayNumber, restated, seasonOf, type Chance } from '../../market';
import type { AdsCustomer } from './customers';
import type { AdGroup, Campaign, Channel } from './world';

/** Counts, micros (cost) and hundredths (conversions and their values), whole so that shares add up. */
export interface Numbers {
  impressions: bigint;
  clicks: bigint;
  cost: bigint;
  conversions: bigint;
  value: bigint;
  /** Those of secondary actions too. */
  allConversions: bigint;
  allValue: bigint;
}

export interface Cell {
  campaign: Campaign;
  /** Null for Performance Max. */
  adGroup: AdGroup | null;
  date: string;
  device: string;
  network: string;
  numbers: Numbers;
}

/** Conversions are counted on the day of the click, up to so many days later. */
export const conversionWindow = 30;
/** Clicks and their cost are final on the day after. */
const clickWindow = 2;

type Shares = readonly (readonly [name: string, share: number])[];

const devices: Shares = [
  ['MOBILE', 0.62],
  ['DESKTOP', 0.33],
  ['TABLET', 0.05],
];

const networks: Record<Channel, Shares> = {
  SEARCH: [
    ['SEARCH', 0.88],
    ['SEARCH_PARTNERS', 0.12],
  ],
  PERFORMANCE_MAX: [['MIXED', 1]],
  DISPLAY: [['CONTENT', 1]],
  VIDEO: [['YOUTUBE', 1]],
};

export interface Day {
  date: string;
  /** In the account's zone. */
  today: string;
  /** Days after today have numbers too. */
  future: boolean;
}

const around = (chance: number): number => 0.6 + 0.8 * chance;

export const cellsOf = (
  campaigns: readonly Campaign[],
  customer: AdsCustomer,
  { date, today, future }: Day,
  chance: Chance,
): Cell[] => {
  const ahead = dayNumber(date) > dayNumber(today);
  if (ahead && !future) return [];
  const shown = (final: number, window: number): number =>
    ahead ? final : restated(final, date, today, window);
  const season = seasonOf(date, chance);
  const cells: Cell[] = [];
  for (const campaign of campaigns) {
    if (campaign.status !== 'ENABLED') continue;
    const lines = campaign.channel === 'PERFORMANCE_MAX' ? [null] : campaign.adGroups;
    for (const adGroup of lines)
      for (const [device, deviceShare] of devices)
        for (const [network, networkShare] of networks[campaign.channel]) {
          const draw = (what: string): number =>
            around(chance(what, customer.id, adGroup?.id ?? campaign.id, date, device, network));
          const views = campaign.impressions * season * deviceShare * networkShare * draw('views');
          const clicks = Math.floor(views * campaign.clickRate * draw('clicks'));
          const orders = Math.floor(clicks * campaign.conversionRate * draw('orders') * 100);
          const shownClicks = BigInt(shown(clicks, clickWindow));
          const cents = (campaign.costPerClick * BigInt(Math.round(draw('price') * 100))) / 1_000_000n;
          const conversions = BigInt(shown(orders, conversionWindow));
          const value =
            (conversions * campaign.orderValue * BigInt(Math.round(draw('basket') * 100))) / 10_000n;
          const numbers: Numbers = {
            impressions: BigInt(shown(Math.floor(views), clickWindow)),
            clicks: shownClicks,
            cost: shownClicks * cents * 10_000n,
            conversions,
            value,
            allConversions: conversions + conversions / 4n,
            allValue: value,
          };
          cells.push({ campaign, adGroup, date, device, network, numbers });
        }
  }
  return cells;
};

export const none: Numbers = {
  impressions: 0n,
  clicks: 0n,
  cost: 0n,
  conversions: 0n,
  value: 0n,
  allConversions: 0n,
  allValue: 0n,
};

const names = Object.keys(none) as (keyof Numbers)[];

export const sum = (a: Numbers, b: Numbers): Numbers => ({
  impressions: a.impressions + b.impressions,
  clicks: a.clicks + b.clicks,
  cost: a.cost + b.cost,
  conversions: a.conversions + b.conversions,
  value: a.value + b.value,
  allConversions: a.allConversions + b.allConversions,
  allValue: a.allValue + b.allValue,
});

export const isNothing = (numbers: Numbers): boolean => names.every((name) => numbers[name] === 0n);

/** The part of `numbers` that falls to one of several; all parts together are the whole again. @param weights whole numbers */
export const share = (numbers: Numbers, weights: readonly number[], place: number): Numbers => {
  const total = BigInt(weights.reduce((all, weight) => all + weight, 0));
  const before = BigInt(weights.slice(0, place).reduce((all, weight) => all + weight, 0));
  const end = before + BigInt(weights[place] ?? 0);
  const part = (whole: bigint): bigint => (whole * end) / total - (whole * before) / total;
  return {
    impressions: part(numbers.impressions),
    clicks: part(numbers.clicks),
    cost: part(numbers.cost),
    conversions: part(numbers.conversions),
    value: part(numbers.value),
    allConversions: part(numbers.allConversions),
    allValue: part(numbers.allValue),
  };
};
