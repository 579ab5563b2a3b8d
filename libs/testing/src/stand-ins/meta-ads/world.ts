/** Ad accounts of the sandbox, and the campaigns, ad sets, ads and creatives in them: from the seed and the clock alone. */
import { dateOf, dayNumber, oneOf, wholeBetween, type Chance } from '../../market';

export interface AdAccount {
  /** Without `act_`. */
  id: string;
  name: string;
  currency: string;
  timeZone: string;
  /** Of the people who may read it. */
  people: readonly string[];
}

export type Status = 'ACTIVE' | 'PAUSED' | 'ARCHIVED';

export interface Campaign {
  id: string;
  account: AdAccount;
  name: string;
  objective: string;
  status: Status;
  /** Days since 1970; the last one is included, null while it runs. */
  firstDay: number;
  lastDay: number | null;
  dailyBudget: string;
}

export interface AdSet {
  id: string;
  campaign: Campaign;
  name: string;
  goal: string;
}

export interface Ad {
  id: string;
  adSet: AdSet;
  name: string;
  creative: { id: string; name: string; title: string; body: string; link: string };
  /** How much it is shown compared with others. */
  weight: number;
}

export interface World {
  seed: string;
  chance: Chance;
  accounts: readonly AdAccount[];
  adsInSet: number;
  /** Multiplies what is shown. */
  scale: number;
  isEmpty(): boolean;
}

/** 18 digits, beyond what a JavaScript number is exact to. */
const idOf = (kind: number, account: number, number: number): string =>
  String(
    120_200_000_000_000_000n +
      BigInt(kind) * 1_000_000_000_000n +
      BigInt(account) * 10_000_000n +
      BigInt(number),
  );

const kinds: readonly [name: string, objective: string, goal: string][] = [
  ['Prospecting', 'OUTCOME_SALES', 'OFFSITE_CONVERSIONS'],
  ['Retargeting', 'OUTCOME_SALES', 'OFFSITE_CONVERSIONS'],
  ['Newsletter sign-ups', 'OUTCOME_LEADS', 'LEAD_GENERATION'],
  ['Brand video', 'OUTCOME_AWARENESS', 'REACH'],
  ['Holiday gift guide', 'OUTCOME_TRAFFIC', 'LINK_CLICKS'],
  ['Spring clearance', 'OUTCOME_SALES', 'OFFSITE_CONVERSIONS'],
];

const audiences = ['Lookalike 1%', 'Interest: home decor', 'Cart abandoners 14d', 'Broad 25–54'] as const;
const formats = ['Carousel', 'Single image', 'Reel 15s', 'Collection', 'Story'] as const;
const headlines: readonly [string, ...string[]] = [
  'Made to be handed down', 'Set the table', 'Fifteen percent off this week', 'Small batch, big feast', 'The oak collection',
]; // prettier-ignore

/** First and last day of each kind, as days since 1970: November 2023 and later, some over by the end of 2026. */
const runs: readonly (readonly [first: number, last: number | null])[] = [
  [19_663, null],
  [19_683, null],
  [19_703, null],
  [19_723, 20_767],
  [19_743, null],
  [20_513, 20_635],
];

const statusOn = (today: number, last: number | null, isKept: boolean): Status => {
  if (last === null || today <= last) return 'ACTIVE';
  return isKept ? 'PAUSED' : 'ARCHIVED';
};

/** Those that have been made by now. */
export const campaignsOf = (world: World, account: AdAccount, now: Date): Campaign[] => {
  if (world.isEmpty()) return [];
  const at = world.accounts.indexOf(account);
  const today = dayNumber(now.toISOString().slice(0, 10));
  return kinds.flatMap(([name, objective], place) => {
    const [firstDay, lastDay] = runs[place] ?? [0, null];
    if (firstDay > today) return [];
    return {
      id: idOf(1, at, place),
      account,
      name: `${name} | ${account.currency === 'EUR' ? 'EU' : 'US'}`,
      objective,
      status: statusOn(today, lastDay, place === 3),
      firstDay,
      lastDay,
      dailyBudget: String(wholeBetween(world.chance('budget', account.id, place), 8, 40) * 1_000),
    };
  });
};

export const adSetsOf = (world: World, campaign: Campaign): AdSet[] => {
  const at = world.accounts.indexOf(campaign.account);
  const place = Number(campaign.id.slice(-3));
  return Array.from({ length: 2 }, (_, number) => ({
    id: idOf(2, at, place * 10 + number),
    campaign,
    name: audiences[(place + number) % audiences.length] ?? audiences[0],
    goal: kinds[place]?.[2] ?? 'REACH',
  }));
};

export const adsOf = (world: World, adSet: AdSet): Ad[] => {
  const at = world.accounts.indexOf(adSet.campaign.account);
  const place = Number(adSet.id.slice(-4));
  return Array.from({ length: world.adsInSet }, (_, number) => {
    const own = place * 100 + number;
    const title = oneOf(world.chance('headline', at, own), headlines);
    const name = `${formats[own % formats.length] ?? formats[0]} – ${title}`;
    return {
      id: idOf(3, at, own),
      adSet,
      name,
      creative: {
        id: idOf(4, at, own),
        name: `${name} (creative)`,
        title,
        body: `${title}. Shipped within two days.`,
        link: `https://example.com/shop?utm_source=meta&utm_medium=paid&utm_campaign=${adSet.campaign.id}&utm_content=${own}`,
      },
      weight: 0.4 + 1.2 * world.chance('weight', at, own),
    };
  });
};

/** Made once a day; several stand-ins of one seed share them. */
const made = new Map<string, Ad[]>();

export const allAds = (world: World, account: AdAccount, now: Date): Ad[] => {
  if (world.isEmpty()) return [];
  const key = [world.seed, world.adsInSet, account.id, now.toISOString().slice(0, 10)].join();
  const known = made.get(key);
  if (known) return known;
  const ads = campaignsOf(world, account, now)
    .flatMap((campaign) => adSetsOf(world, campaign))
    .flatMap((adSet) => adsOf(world, adSet));
  made.set(key, ads);
  return ads;
};

export const ran = ({ firstDay: first, lastDay }: Campaign, date: string): boolean => {
  const day = dayNumber(date);
  return day >= first && (lastDay === null || day <= lastDay);
};

/** `2026-11-02T09:00:00+0000`, as Meta writes times. */
export const timeOf = (day: number): string => `${dateOf(day)}T09:00:00+0000`;
