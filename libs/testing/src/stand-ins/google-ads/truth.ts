/** The rows with which a complete sync ends, made from the market's numbers and not from answers of the API. */
import { findCustomer, type AdsCustomer } from './customers';
import { sum, type Numbers } from './numbers';
import { entities, measuredSubjects, type Subject, type View, type Window } from './subjects';

export type TrueRow = Record<string, string | boolean | null>;

export type GoogleAdsStream =
  | 'campaign_performance'
  | 'ad_groups'
  | 'ads'
  | 'keywords'
  | 'search_terms'
  | 'geography'
  | 'conversions'
  | 'campaigns'
  | 'accounts'
  | 'countries';

/** A whole number of `10 ** -places` as a decimal without needless zeros: (1234500n, 6) → '1.2345'. */
const decimal = (whole: bigint, places: number): string => {
  const digits = String(whole).padStart(places + 1, '0');
  const [head, tail] = [digits.slice(0, -places), digits.slice(-places).replace(/0+$/, '')];
  return tail === '' ? head : `${head}.${tail}`;
};

type Part = (subject: Subject) => TrueRow;

const account: Part = ({ customer }) => ({ customer_id: customer.id, currency: customer.currency });
const campaign: Part = ({ campaign: of }) => ({
  campaign_id: of?.id ?? null,
  campaign_name: of?.name ?? null,
  campaign_status: of?.status ?? null,
  channel_type: of?.channel ?? null,
});
const adGroup: Part = ({ adGroup: of }) => ({
  ad_group_id: of?.id ?? null,
  ad_group_name: of?.name ?? null,
  ad_group_status: of?.status ?? null,
});
const where: Part = ({ date, device, network }) => ({
  date: date ?? null,
  device: device ?? null,
  network: network ?? null,
});
const day: Part = ({ date }) => ({ date: date ?? null });

interface Shape {
  resource: string;
  parts: readonly Part[];
  byAction?: boolean;
}

const shapes: Partial<Record<GoogleAdsStream, Shape>> = {
  campaign_performance: { resource: 'campaign', parts: [account, where, campaign] },
  ad_groups: { resource: 'ad_group', parts: [account, where, campaign, adGroup] },
  ads: {
    resource: 'ad_group_ad',
    parts: [
      account,
      where,
      campaign,
      adGroup,
      ({ ad }) => ({
        ad_id: ad?.id ?? null,
        ad_name: ad?.name ?? null,
        ad_type: ad?.type ?? null,
        ad_status: 'ENABLED',
        final_url: ad?.url ?? null,
      }),
    ],
  },
  keywords: {
    resource: 'keyword_view',
    parts: [
      account,
      where,
      campaign,
      adGroup,
      ({ keyword }) => ({
        keyword_id: keyword?.id ?? null,
        keyword: keyword?.text ?? null,
        match_type: keyword?.matchType ?? null,
        keyword_status: 'ENABLED',
      }),
    ],
  },
  search_terms: {
    resource: 'search_term_view',
    parts: [
      account,
      day,
      campaign,
      adGroup,
      ({ term }) => ({
        search_term: term?.text ?? null,
        match_type: term?.matchType ?? null,
        search_term_status: term?.matchType === 'EXACT' ? 'ADDED' : 'NONE',
      }),
    ],
  },
  geography: {
    resource: 'geographic_view',
    parts: [
      account,
      day,
      campaign,
      ({ place }) => ({ country_id: String(place?.country), location_type: place?.type ?? null }),
    ],
  },
  conversions: {
    resource: 'campaign',
    byAction: true,
    parts: [
      account,
      day,
      campaign,
      ({ action }) => ({
        conversion_action_id: action?.id ?? null,
        conversion_action: action?.name ?? null,
        conversion_category: action?.category ?? null,
      }),
    ],
  },
};

const measures = (numbers: Numbers, byAction: boolean): TrueRow => ({
  ...(!byAction && {
    impressions: String(numbers.impressions),
    clicks: String(numbers.clicks),
    cost: decimal(numbers.cost, 6),
  }),
  conversions: decimal(numbers.conversions, 2),
  conversions_value: decimal(numbers.value, 2),
  ...(byAction && {
    all_conversions: decimal(numbers.allConversions, 2),
    all_conversions_value: decimal(numbers.allValue, 2),
  }),
});

const rowsOf = (shape: Shape, view: View, window: Window): TrueRow[] => {
  const byAction = shape.byAction ?? false;
  const rows = new Map<string, { told: TrueRow; numbers: Numbers }>();
  for (const subject of measuredSubjects(shape.resource, view, window, byAction)) {
    const told: TrueRow = Object.assign({}, ...shape.parts.map((part) => part(subject)));
    const key = JSON.stringify(told);
    const before = rows.get(key);
    rows.set(key, { told, numbers: before ? sum(before.numbers, subject.numbers) : subject.numbers });
  }
  return [...rows.values()].map(({ told, numbers }) => ({ ...told, ...measures(numbers, byAction) }));
};

const plain: Partial<Record<GoogleAdsStream, { resource: string; row: Part }>> = {
  campaigns: {
    resource: 'campaign',
    row: (subject) => ({
      ...account(subject),
      ...campaign(subject),
      bidding_strategy: subject.campaign?.bidding ?? null,
      budget: subject.campaign ? decimal(subject.campaign.budget.amount, 6) : null,
    }),
  },
  accounts: {
    resource: 'customer_client',
    row: ({ client }) => ({
      customer_id: client?.account.id ?? null,
      customer_name: client?.account.name ?? null,
      currency: client?.account.currency ?? null,
      time_zone: client?.account.timeZone ?? null,
      status: client?.account.status ?? null,
      is_manager: client?.account.manager ?? null,
      is_hidden: client?.account.hidden ?? null,
      level: String(client?.level),
    }),
  },
  countries: {
    resource: 'geo_target_constant',
    row: ({ location }) => ({
      country_id: String(location?.id),
      country_name: location?.name ?? null,
      country_code: location?.code ?? null,
    }),
  },
};

export const truthOf = (
  stream: GoogleAdsStream,
  window: Window,
  customerIds: readonly string[],
  viewOf: (customer: AdsCustomer) => View,
): TrueRow[] =>
  customerIds
    .map(findCustomer)
    .filter((customer) => customer !== undefined)
    .map(viewOf)
    .flatMap((view) => {
      const [shape, entity] = [shapes[stream], plain[stream]];
      if (shape) return rowsOf(shape, view, window);
      return entity ? (entities[entity.resource]?.(view) ?? []).map((subject) => entity.row(subject)) : [];
    });
