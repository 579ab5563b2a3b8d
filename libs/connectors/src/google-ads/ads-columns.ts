/** Columns of our tables, each with the field of Google Ads that it comes from. */
import type { Column, ColumnType } from '../kit/column';
import type { AdsRow } from './ads-client';
import { fromMicros } from './micros';

export interface AdsColumn extends Column {
  /** As in a query, e.g. `campaign.advertising_channel_type`. */
  field: string;
  convert?(value: unknown): unknown;
}

const column = (
  name: string,
  type: ColumnType,
  field: string,
  convert?: AdsColumn['convert'],
): AdsColumn => ({
  name,
  type,
  field,
  ...(convert && { convert }),
});

/** `customers/1/conversionActions/7` → `7`. */
const lastPart = (name: unknown): unknown => (typeof name === 'string' ? name.split('/').at(-1) : null);

const firstOf = (values: unknown): unknown => (Array.isArray(values) ? values[0] : null);

/** What a count is when a row leaves it out. */
const orZero = (value: unknown): unknown => value ?? '0';

export const account = [
  column('customer_id', 'text', 'customer.id'),
  column('currency', 'text', 'customer.currency_code'),
];
export const date = [column('date', 'date', 'segments.date')];
export const deviceAndNetwork = [
  column('device', 'text', 'segments.device'),
  column('network', 'text', 'segments.ad_network_type'),
];
export const campaign = [
  column('campaign_id', 'text', 'campaign.id'),
  column('campaign_name', 'text', 'campaign.name'),
  column('campaign_status', 'text', 'campaign.status'),
  column('channel_type', 'text', 'campaign.advertising_channel_type'),
];
export const campaignSettings = [
  column('bidding_strategy', 'text', 'campaign.bidding_strategy_type'),
  column('budget', 'numeric', 'campaign_budget.amount_micros', fromMicros),
];
export const adGroup = [
  column('ad_group_id', 'text', 'ad_group.id'),
  column('ad_group_name', 'text', 'ad_group.name'),
  column('ad_group_status', 'text', 'ad_group.status'),
];
export const ad = [
  column('ad_id', 'text', 'ad_group_ad.ad.id'),
  column('ad_name', 'text', 'ad_group_ad.ad.name'),
  column('ad_type', 'text', 'ad_group_ad.ad.type'),
  column('ad_status', 'text', 'ad_group_ad.status'),
  column('final_url', 'text', 'ad_group_ad.ad.final_urls', firstOf),
];
export const keyword = [
  column('keyword_id', 'text', 'ad_group_criterion.criterion_id'),
  column('keyword', 'text', 'ad_group_criterion.keyword.text'),
  column('match_type', 'text', 'ad_group_criterion.keyword.match_type'),
  column('keyword_status', 'text', 'ad_group_criterion.status'),
];
export const searchTerm = [
  column('search_term', 'text', 'search_term_view.search_term'),
  column('match_type', 'text', 'segments.search_term_match_type'),
  column('search_term_status', 'text', 'search_term_view.status'),
];
export const place = [
  column('country_id', 'text', 'geographic_view.country_criterion_id'),
  column('location_type', 'text', 'geographic_view.location_type'),
];
export const conversionAction = [
  column('conversion_action_id', 'text', 'segments.conversion_action', lastPart),
  column('conversion_action', 'text', 'segments.conversion_action_name'),
  column('conversion_category', 'text', 'segments.conversion_action_category'),
];
/** Conversions are shares where several clicks led to one; as decimals, so that sums are exact. */
const conversions = [
  column('conversions', 'numeric', 'metrics.conversions', orZero),
  column('conversions_value', 'numeric', 'metrics.conversions_value', orZero),
];
export const metrics = [
  column('impressions', 'bigint', 'metrics.impressions', orZero),
  column('clicks', 'bigint', 'metrics.clicks', orZero),
  column('cost', 'numeric', 'metrics.cost_micros', (value) => fromMicros(orZero(value))),
  ...conversions,
];
export const conversionMetrics = [
  ...conversions,
  column('all_conversions', 'numeric', 'metrics.all_conversions', orZero),
  column('all_conversions_value', 'numeric', 'metrics.all_conversions_value', orZero),
];
export const listedAccount = [
  column('customer_id', 'text', 'customer_client.id'),
  column('customer_name', 'text', 'customer_client.descriptive_name'),
  column('currency', 'text', 'customer_client.currency_code'),
  column('time_zone', 'text', 'customer_client.time_zone'),
  column('status', 'text', 'customer_client.status'),
  column('is_manager', 'boolean', 'customer_client.manager'),
  column('is_hidden', 'boolean', 'customer_client.hidden'),
  column('level', 'bigint', 'customer_client.level'),
];
export const country = [
  column('country_id', 'text', 'geo_target_constant.id'),
  column('country_name', 'text', 'geo_target_constant.name'),
  column('country_code', 'text', 'geo_target_constant.country_code'),
];

const camelCase = (field: string): string[] =>
  field.split('.').map((part) => part.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));

/** Reads a field from a row as the REST API nests it: `campaign.name` → `row.campaign.name`; null where it is missing. */
export const fieldReader = (field: string): ((row: AdsRow) => unknown) => {
  const path = camelCase(field);
  return (row) =>
    path.reduce<unknown>(
      (at, part) =>
        typeof at === 'object' && at !== null ? ((at as Record<string, unknown>)[part] ?? null) : null,
      row,
    );
};

/** Makes rows by column name. */
export const rowReader = (columns: readonly AdsColumn[]): ((row: AdsRow) => Record<string, unknown>) => {
  const readers = columns.map(({ name, field, convert = (value) => value }) => ({
    name,
    read: fieldReader(field),
    convert,
  }));
  return (row) => Object.fromEntries(readers.map(({ name, read, convert }) => [name, convert(read(row))]));
};
