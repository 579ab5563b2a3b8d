/** The fields that the sandbox knows, with their values as the REST API writes them: int64 as text, enums by name. */
import type { Numbers } from './numbers';
import type { Subject } from './subjects';

export type FieldValue = string | number | boolean | string[] | null;

export interface Field {
  /** Null is left out of a row. */
  of(subject: Subject): FieldValue;
  /** Names of its enum. */
  enum?: readonly string[];
}

const statuses = ['ENABLED', 'PAUSED', 'REMOVED'];

const text = (of: Field['of']): Field => ({ of });
const named = (names: readonly string[], of: Field['of']): Field => ({ of, enum: names });

export const attributes: Record<string, Field> = {
  'customer.id': text(({ customer }) => customer.id),
  'customer.descriptive_name': text(({ customer }) => customer.name),
  'customer.currency_code': text(({ customer }) => customer.currency),
  'customer.time_zone': text(({ customer }) => customer.timeZone),
  'customer.manager': text(({ customer }) => customer.manager),
  'customer.test_account': text(() => true),
  'customer.status': named(['ENABLED', 'CANCELED', 'SUSPENDED', 'CLOSED'], ({ customer }) => customer.status),
  'customer_client.id': text(({ client }) => client?.account.id ?? null),
  'customer_client.descriptive_name': text(({ client }) => client?.account.name ?? null),
  'customer_client.currency_code': text(({ client }) => client?.account.currency ?? null),
  'customer_client.time_zone': text(({ client }) => client?.account.timeZone ?? null),
  'customer_client.manager': text(({ client }) => client?.account.manager ?? null),
  'customer_client.test_account': text(() => true),
  'customer_client.hidden': text(({ client }) => client?.account.hidden ?? null),
  'customer_client.level': text(({ client }) => (client ? String(client.level) : null)),
  'customer_client.status': named(
    ['ENABLED', 'CANCELED', 'SUSPENDED', 'CLOSED'],
    ({ client }) => client?.account.status ?? null,
  ),
  'campaign.id': text(({ campaign }) => campaign?.id ?? null),
  'campaign.name': text(({ campaign }) => campaign?.name ?? null),
  'campaign.status': named(statuses, ({ campaign }) => campaign?.status ?? null),
  'campaign.advertising_channel_type': named(
    ['SEARCH', 'DISPLAY', 'SHOPPING', 'VIDEO', 'PERFORMANCE_MAX', 'DEMAND_GEN', 'MULTI_CHANNEL'],
    ({ campaign }) => campaign?.channel ?? null,
  ),
  'campaign.bidding_strategy_type': text(({ campaign }) => campaign?.bidding ?? null),
  'campaign_budget.id': text(({ campaign }) => campaign?.budget.id ?? null),
  'campaign_budget.amount_micros': text(({ campaign }) => (campaign ? String(campaign.budget.amount) : null)),
  'ad_group.id': text(({ adGroup }) => adGroup?.id ?? null),
  'ad_group.name': text(({ adGroup }) => adGroup?.name ?? null),
  'ad_group.status': named(statuses, ({ adGroup }) => adGroup?.status ?? null),
  'ad_group_ad.ad.id': text(({ ad }) => ad?.id ?? null),
  'ad_group_ad.ad.name': text(({ ad }) => ad?.name ?? null),
  'ad_group_ad.ad.type': text(({ ad }) => ad?.type ?? null),
  'ad_group_ad.ad.final_urls': text(({ ad }) => (ad ? [ad.url] : null)),
  'ad_group_ad.status': named(statuses, ({ ad }) => (ad ? 'ENABLED' : null)),
  'ad_group_criterion.criterion_id': text(({ keyword }) => keyword?.id ?? null),
  'ad_group_criterion.keyword.text': text(({ keyword }) => keyword?.text ?? null),
  'ad_group_criterion.keyword.match_type': named(
    ['EXACT', 'PHRASE', 'BROAD'],
    ({ keyword }) => keyword?.matchType ?? null,
  ),
  'ad_group_criterion.status': named(statuses, ({ keyword }) => (keyword ? 'ENABLED' : null)),
  'search_term_view.search_term': text(({ term }) => term?.text ?? null),
  'search_term_view.status': named(['ADDED', 'EXCLUDED', 'ADDED_EXCLUDED', 'NONE'], ({ term }) =>
    term ? (term.matchType === 'EXACT' ? 'ADDED' : 'NONE') : null,
  ),
  'geographic_view.country_criterion_id': text(({ place }) => (place ? String(place.country) : null)),
  'geographic_view.location_type': named(
    ['AREA_OF_INTEREST', 'LOCATION_OF_PRESENCE'],
    ({ place }) => place?.type ?? null,
  ),
  'geo_target_constant.id': text(({ location }) => (location ? String(location.id) : null)),
  'geo_target_constant.name': text(({ location }) => location?.name ?? null),
  'geo_target_constant.country_code': text(({ location }) => location?.code ?? null),
  'geo_target_constant.target_type': text(({ location }) => (location ? 'Country' : null)),
  'geo_target_constant.status': named(['ENABLED', 'REMOVAL_PLANNED'], () => 'ENABLED'),
};

export const segments: Record<string, Field> = {
  'segments.date': text(({ date }) => date ?? null),
  'segments.device': named(
    ['MOBILE', 'TABLET', 'DESKTOP', 'CONNECTED_TV', 'OTHER'],
    ({ device }) => device ?? null,
  ),
  'segments.ad_network_type': named(
    ['SEARCH', 'SEARCH_PARTNERS', 'CONTENT', 'MIXED', 'YOUTUBE', 'GOOGLE_TV'],
    ({ network }) => network ?? null,
  ),
  'segments.search_term_match_type': named(
    ['BROAD', 'EXACT', 'PHRASE', 'NEAR_EXACT', 'NEAR_PHRASE'],
    ({ term }) => term?.matchType ?? null,
  ),
  'segments.conversion_action': text(({ customer, action }) =>
    action ? `customers/${customer.id}/conversionActions/${action.id}` : null,
  ),
  'segments.conversion_action_name': text(({ action }) => action?.name ?? null),
  'segments.conversion_action_category': text(({ action }) => action?.category ?? null),
};

/** A double as the vendor has it, from whole hundredths. */
const hundredths = (whole: bigint): number => Number(whole) / 100;

export const metrics: Record<string, (numbers: Numbers) => FieldValue> = {
  'metrics.impressions': ({ impressions }) => String(impressions),
  'metrics.clicks': ({ clicks }) => String(clicks),
  'metrics.cost_micros': ({ cost }) => String(cost),
  'metrics.conversions': ({ conversions }) => hundredths(conversions),
  'metrics.conversions_value': ({ value }) => hundredths(value),
  'metrics.all_conversions': ({ allConversions }) => hundredths(allConversions),
  'metrics.all_conversions_value': ({ allValue }) => hundredths(allValue),
};

export const conversionMetrics = [
  'metrics.conversions',
  'metrics.conversions_value',
  'metrics.all_conversions',
  'metrics.all_conversions_value',
];

export const actionSegments = [
  'segments.conversion_action',
  'segments.conversion_action_name',
  'segments.conversion_action_category',
];

const everywhere = ['segments.date', 'segments.device', 'segments.ad_network_type'];

export interface Resource {
  /** Resources whose attributes may be selected along with its own. */
  attributed: readonly string[];
  segments: readonly string[];
  /** Whether metrics may be selected. */
  measured: boolean;
}

export const resources: Record<string, Resource> = {
  customer: { attributed: ['customer'], segments: [], measured: false },
  customer_client: { attributed: ['customer_client', 'customer'], segments: [], measured: false },
  campaign: {
    attributed: ['campaign', 'customer', 'campaign_budget'],
    segments: [...everywhere, ...actionSegments],
    measured: true,
  },
  ad_group: {
    attributed: ['ad_group', 'campaign', 'customer'],
    segments: [...everywhere, ...actionSegments],
    measured: true,
  },
  ad_group_ad: {
    attributed: ['ad_group_ad', 'ad_group', 'campaign', 'customer'],
    segments: [...everywhere, ...actionSegments],
    measured: true,
  },
  keyword_view: {
    attributed: ['keyword_view', 'ad_group_criterion', 'ad_group', 'campaign', 'customer'],
    segments: [...everywhere, ...actionSegments],
    measured: true,
  },
  search_term_view: {
    attributed: ['search_term_view', 'ad_group', 'campaign', 'customer'],
    segments: [...everywhere, 'segments.search_term_match_type'],
    measured: true,
  },
  geographic_view: {
    attributed: ['geographic_view', 'ad_group', 'campaign', 'customer'],
    segments: everywhere,
    measured: true,
  },
  geo_target_constant: { attributed: ['geo_target_constant'], segments: [], measured: false },
};

export const isKnown = (field: string): boolean =>
  field in attributes || field in segments || field in metrics;
