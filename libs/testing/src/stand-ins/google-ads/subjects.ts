/** What a row of each resource is about: the customer and, by resource, campaign, ad group, ad, keyword, search, country or conversion action. */
import { datesBetween, type Chance } from '../../market';
import { customers, levelBelow, type AdsCustomer } from './customers';
import { cellsOf, isNothing, none, share, type Cell, type Numbers } from './numbers';
import {
  conversionActions,
  type Ad,
  type AdGroup,
  type Campaign,
  type ConversionAction,
  type Keyword,
} from './world';

export interface Subject {
  customer: AdsCustomer;
  campaign?: Campaign;
  adGroup?: AdGroup;
  ad?: Ad;
  keyword?: Keyword;
  term?: Keyword['terms'][number];
  place?: { country: number; type: 'LOCATION_OF_PRESENCE' | 'AREA_OF_INTEREST' };
  action?: ConversionAction;
  /** Of a manager's list: an account and how far it is below the one asked. */
  client?: { account: AdsCustomer; level: number };
  location?: { id: number; name: string; code: string };
  date?: string;
  device?: string;
  network?: string;
  numbers: Numbers;
}

/** One customer's data as the vendor shows it at one moment. */
export interface View {
  customer: AdsCustomer;
  campaigns: readonly Campaign[];
  chance: Chance;
  today: string;
  /** Days after today have numbers too. */
  future: boolean;
  isEmpty(date: string): boolean;
}

export interface Window {
  from: string;
  /** Exclusive. */
  to: string;
}

export const cellsIn = (
  { customer, campaigns, chance, today, future, isEmpty }: View,
  { from, to }: Window,
): Cell[] =>
  datesBetween(from, to)
    .filter((date) => !isEmpty(date))
    .flatMap((date) => cellsOf(campaigns, customer, { date, today, future }, chance));

const withCell = (customer: AdsCustomer, cell: Cell): Subject => {
  const { campaign, adGroup, date, device, network, numbers } = cell;
  return { customer, campaign, ...(adGroup && { adGroup }), date, device, network, numbers };
};

/** One subject for each part that the cell's numbers are shared out to. */
const parts = <T extends { weight: number }>(
  cell: Cell,
  of: readonly T[],
  subject: (part: T, numbers: Numbers) => Subject,
): Subject[] => {
  const weights = of.map(({ weight }) => weight);
  return of.map((part, place) => subject(part, share(cell.numbers, weights, place)));
};

/** Searches that are too rare to be told, of a hundred. */
const untold = 10;

const countryWeights = (customer: AdsCustomer): { country: number; weight: number }[] =>
  customer.countries.map((country, place) => ({ country, weight: place === 0 ? 6 : 2 }));

const placeTypes = [
  { type: 'LOCATION_OF_PRESENCE', weight: 9 },
  { type: 'AREA_OF_INTEREST', weight: 1 },
] as const;

/** A cell as rows of a resource; all of a cell's numbers, except for searches that are too rare. */
const measured: Record<string, (cell: Cell, customer: AdsCustomer) => Subject[]> = {
  campaign: (cell, customer) => [withCell(customer, cell)],
  ad_group: (cell, customer) => (cell.adGroup ? [withCell(customer, cell)] : []),
  ad_group_ad: (cell, customer) =>
    parts(cell, cell.adGroup?.ads ?? [], (ad, numbers) => ({ ...withCell(customer, cell), ad, numbers })),
  keyword_view: (cell, customer) =>
    parts(cell, cell.adGroup?.keywords ?? [], (keyword, numbers) => ({
      ...withCell(customer, cell),
      keyword,
      numbers,
    })),
  search_term_view: (cell, customer) =>
    parts(cell, cell.adGroup?.keywords ?? [], (keyword, numbers) => ({
      ...withCell(customer, cell),
      keyword,
      numbers,
    })).flatMap((subject) => {
      const terms = subject.keyword?.terms ?? [];
      const weights = [...terms.map(({ weight }) => weight), untold];
      const buying = [...terms.map(({ weight, converts }) => (converts ? weight : 0)), untold];
      return terms.map((term, place) => {
        const { impressions, clicks, cost } = share(subject.numbers, weights, place);
        return {
          ...subject,
          term,
          numbers: { ...share(subject.numbers, buying, place), impressions, clicks, cost },
        };
      });
    }),
  geographic_view: (cell, customer) =>
    parts(cell, countryWeights(customer), ({ country }, ofCountry) => ({
      ...withCell(customer, cell),
      place: { country, type: 'LOCATION_OF_PRESENCE' },
      numbers: ofCountry,
    })).flatMap((subject) =>
      placeTypes.map(({ type }, place) => ({
        ...subject,
        place: { country: subject.place?.country ?? 0, type },
        numbers: share(
          subject.numbers,
          placeTypes.map(({ weight }) => weight),
          place,
        ),
      })),
    ),
};

/** A cell's conversions by action; secondary actions count among all conversions only. */
const byAction = (subject: Subject): Subject[] => {
  const { conversions, value, allConversions } = subject.numbers;
  const primary = { ...none, conversions, value, allConversions: conversions, allValue: value };
  const weights = conversionActions.map(({ weight }) => weight);
  return conversionActions.map((action, place) => ({
    ...subject,
    action,
    numbers: action.primary
      ? share(primary, weights, place)
      : { ...none, allConversions: allConversions - conversions },
  }));
};

/** Rows with numbers, at the finest grain; those without any are left out, as the vendor does. */
export const measuredSubjects = (
  resource: string,
  view: View,
  window: Window,
  withActions: boolean,
): Subject[] => {
  const make = measured[resource];
  if (!make) return [];
  return cellsIn(view, window)
    .flatMap((cell) => make(cell, view.customer))
    .flatMap((subject) => (withActions ? byAction(subject) : [subject]))
    .filter(({ numbers }) => !isNothing(numbers));
};

const locations = [
  { id: 2040, name: 'Austria', code: 'AT' },
  { id: 2124, name: 'Canada', code: 'CA' },
  { id: 2250, name: 'France', code: 'FR' },
  { id: 2276, name: 'Germany', code: 'DE' },
  { id: 2360, name: 'Indonesia', code: 'ID' },
  { id: 2528, name: 'Netherlands', code: 'NL' },
  { id: 2702, name: 'Singapore', code: 'SG' },
  { id: 2826, name: 'United Kingdom', code: 'GB' },
  { id: 2840, name: 'United States', code: 'US' },
];

/** What there is, whether or not it has numbers: asked for without metrics and segments. */
export const entities: Record<string, (view: View) => Subject[]> = {
  customer: ({ customer }) => [{ customer, numbers: none }],
  customer_client: ({ customer }) =>
    customers.flatMap((account) => {
      const level = levelBelow(customer, account);
      return level === null ? [] : [{ customer, client: { account, level }, numbers: none }];
    }),
  campaign: ({ customer, campaigns }) => campaigns.map((campaign) => ({ customer, campaign, numbers: none })),
  ad_group: ({ customer, campaigns }) =>
    campaigns.flatMap((campaign) =>
      campaign.adGroups.map((adGroup) => ({ customer, campaign, adGroup, numbers: none })),
    ),
  geo_target_constant: ({ customer }) => locations.map((location) => ({ customer, location, numbers: none })),
};
