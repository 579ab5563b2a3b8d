/** What is advertised in each sandbox account: campaigns, ad groups, ads, keywords and the searches that met them. */
import { chanceOf, type Chance } from '../../market';
import { customers, sandboxCustomers, type AdsCustomer } from './customers';

export type Channel = 'SEARCH' | 'PERFORMANCE_MAX' | 'DISPLAY' | 'VIDEO';
export type Status = 'ENABLED' | 'PAUSED' | 'REMOVED';

export interface Ad {
  id: string;
  /** Most ads have none. */
  name: string | null;
  type: string;
  url: string;
  weight: number;
}

export interface Keyword {
  id: string;
  text: string;
  matchType: 'EXACT' | 'PHRASE' | 'BROAD';
  weight: number;
  /** What people searched for; the rest is too rare to be told. */
  terms: readonly { text: string; matchType: string; weight: number; converts: boolean }[];
}

export interface AdGroup {
  id: string;
  name: string;
  status: Status;
  ads: readonly Ad[];
  keywords: readonly Keyword[];
}

export interface Campaign {
  id: string;
  name: string;
  status: Status;
  channel: Channel;
  bidding: string;
  budget: { id: string; amount: bigint };
  /** Empty for Performance Max, which has none. */
  adGroups: readonly AdGroup[];
  /** Impressions of a usual day of each ad group, or of the whole where there are none. */
  impressions: number;
  clickRate: number;
  /** Micros of the account's currency. */
  costPerClick: bigint;
  conversionRate: number;
  /** Hundredths of the account's currency. */
  orderValue: bigint;
}

interface Plan extends Pick<
  Campaign,
  'name' | 'status' | 'channel' | 'bidding' | 'impressions' | 'clickRate' | 'conversionRate'
> {
  cost: number;
  order: number;
  groups: readonly (readonly [name: string, ...keywords: string[]])[];
}

const plans: readonly Plan[] = [
  {
    name: 'Brand | Search',
    status: 'ENABLED',
    channel: 'SEARCH',
    bidding: 'TARGET_IMPRESSION_SHARE',
    impressions: 900,
    clickRate: 0.24,
    conversionRate: 0.11,
    cost: 0.42,
    order: 96,
    groups: [
      ['Brand – exact', 'northtrail', 'northtrail shop'],
      ['Brand – products', 'northtrail boots', 'northtrail tent'],
    ],
  },
  {
    name: 'Hiking boots | Search',
    status: 'ENABLED',
    channel: 'SEARCH',
    bidding: 'TARGET_ROAS',
    impressions: 1_500,
    clickRate: 0.062,
    conversionRate: 0.034,
    cost: 1.18,
    order: 142,
    groups: [
      ['Boots – waterproof', 'waterproof hiking boots', 'gore tex boots'],
      ['Boots – women', 'women hiking boots', 'light hiking shoes'],
    ],
  },
  {
    name: 'Tents | Search',
    status: 'ENABLED',
    channel: 'SEARCH',
    bidding: 'TARGET_CPA',
    impressions: 1_100,
    clickRate: 0.055,
    conversionRate: 0.027,
    cost: 1.36,
    order: 228,
    groups: [['Tents – family', 'family tent', '4 person tent', 'camping tent sale']],
  },
  {
    name: 'Performance Max | All products',
    status: 'ENABLED',
    channel: 'PERFORMANCE_MAX',
    bidding: 'MAXIMIZE_CONVERSION_VALUE',
    impressions: 14_000,
    clickRate: 0.017,
    conversionRate: 0.029,
    cost: 0.61,
    order: 118,
    groups: [],
  },
  {
    name: 'Remarketing | Display',
    status: 'ENABLED',
    channel: 'DISPLAY',
    bidding: 'TARGET_CPA',
    impressions: 22_000,
    clickRate: 0.0046,
    conversionRate: 0.019,
    cost: 0.33,
    order: 104,
    groups: [['Cart left behind'], ['Past buyers']],
  },
  {
    name: 'Trail stories | Video',
    status: 'ENABLED',
    channel: 'VIDEO',
    bidding: 'TARGET_CPM',
    impressions: 17_000,
    clickRate: 0.0031,
    conversionRate: 0.006,
    cost: 0.74,
    order: 121,
    groups: [['In-market hikers']],
  },
  {
    name: 'Winter sale | Search',
    status: 'PAUSED',
    channel: 'SEARCH',
    bidding: 'MANUAL_CPC',
    impressions: 0,
    clickRate: 0.05,
    conversionRate: 0.03,
    cost: 0.9,
    order: 88,
    groups: [['Sale – jackets', 'winter jacket sale']],
  },
];

/** Units of a currency to a US dollar, about. */
const worth: Record<string, number> = { IDR: 15_600, GBP: 0.79, EUR: 0.92, USD: 1 };

/** Clicks of one campaign in rupiah cost so much that the micros of a day exceed 2^53, as they may in an int64. */
const dear = { customer: sandboxCustomers.indonesia.id, campaign: 'Trail stories | Video', times: 60_000 };

const adType: Record<Channel, string> = {
  SEARCH: 'RESPONSIVE_SEARCH_AD',
  PERFORMANCE_MAX: 'RESPONSIVE_DISPLAY_AD',
  DISPLAY: 'RESPONSIVE_DISPLAY_AD',
  VIDEO: 'VIDEO_RESPONSIVE_AD',
};

const matchTypes = ['EXACT', 'PHRASE', 'BROAD'] as const;

/** Bargain hunters look and don't buy. */
const termsOf = (text: string): Keyword['terms'] => [
  { text, matchType: 'EXACT', weight: 45, converts: true },
  { text: `best ${text}`, matchType: 'NEAR_PHRASE', weight: 22, converts: true },
  { text: `${text} near me`, matchType: 'PHRASE', weight: 14, converts: true },
  { text: `cheap ${text}`, matchType: 'BROAD', weight: 9, converts: false },
];

/** Ids of Indonesia's ads and keywords lie beyond 2^53, where a double can't tell neighbours apart. */
const idsOf = (customer: AdsCustomer): ((kind: number, number: number) => string) => {
  const place = BigInt(customers.indexOf(customer) + 1);
  const far = customer.id === sandboxCustomers.indonesia.id;
  return (kind, number) =>
    far && kind >= 3
      ? String(9_007_199_254_740_993n + BigInt(kind) * 1_000_000n + BigInt(number))
      : String(20_000_000_000n + place * 100_000_000n + BigInt(kind) * 10_000_000n + BigInt(number));
};

const campaignsOf = (customer: AdsCustomer, scale: number, chance: Chance): Campaign[] => {
  const id = idsOf(customer);
  let [groups, ads, words] = [0, 0, 0];
  const group = (plan: Plan, [name, ...keywords]: readonly [string, ...string[]], copy: number): AdGroup => ({
    id: id(2, ++groups),
    name: copy === 0 ? name : `${name} ${copy + 1}`,
    status: 'ENABLED',
    ads: [1, 2].map((number) => ({
      id: id(3, ++ads),
      name: plan.channel === 'SEARCH' ? null : `${name} – ${number}`,
      type: adType[plan.channel],
      url: `https://shop.sandbox.example/${encodeURIComponent(name.toLowerCase())}?utm_source=google&utm_medium=cpc`,
      weight: number === 1 ? 7 : 3,
    })),
    keywords: keywords.map((text, place) => ({
      id: id(4, ++words),
      text: copy === 0 ? text : `${text} ${copy + 1}`,
      matchType: matchTypes[place % matchTypes.length] ?? 'BROAD',
      weight: 6 - place,
      terms: termsOf(copy === 0 ? text : `${text} ${copy + 1}`),
    })),
  });
  return plans.map((plan, place) => {
    const times = customer.id === dear.customer && plan.name === dear.campaign ? dear.times : 1;
    const rate = (worth[customer.currency] ?? 1) * times;
    return {
      ...plan,
      id: id(1, place + 1),
      budget: { id: id(5, place + 1), amount: BigInt(Math.round(rate * (40 + 20 * place))) * 1_000_000n },
      adGroups: Array.from({ length: scale }, (_, copy) =>
        plan.groups.map((each) => group(plan, each, copy)),
      ).flat(),
      impressions: plan.impressions * (0.6 + 0.8 * chance('size', customer.id, plan.name)),
      // Whole hundredths of the currency, as the vendor bills them.
      costPerClick: BigInt(Math.round(plan.cost * rate * 100)) * 10_000n,
      orderValue: BigInt(Math.round(plan.order * (rate / times) * 100)),
    };
  });
};

export type World = ReadonlyMap<string, readonly Campaign[]>;

/** Campaigns by customer ID. @param scale times so many ad groups */
export const makeWorld = (seed: string | number, scale: number): World => {
  const chance = chanceOf(seed);
  return new Map(
    customers.map((customer) => [customer.id, customer.manager ? [] : campaignsOf(customer, scale, chance)]),
  );
};

export const conversionActions = [
  { id: '700000001', name: 'Purchase', category: 'PURCHASE', primary: true, weight: 8 },
  { id: '700000002', name: 'Request a quote', category: 'REQUEST_QUOTE', primary: true, weight: 2 },
  { id: '700000003', name: 'Newsletter', category: 'SIGNUP', primary: false, weight: 0 },
] as const;

export type ConversionAction = (typeof conversionActions)[number];
