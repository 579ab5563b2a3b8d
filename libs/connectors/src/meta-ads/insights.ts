/** Insights by day and ad, and by hour and campaign. */
import { byDays, streamDefaults } from '../kit/api/api-stream';
import type { ApiRow } from '../kit/api/api-row';
import type { Column } from '../kit/column';
import { attributionDays, type MetaStream } from './config';
import type { MetaRecord } from './meta-api';
import { readInsights, type InsightsRequest } from './read-insights';

interface Action {
  action_type: string;
  value: string;
}

/** The value of the first of these kinds that there is: they count the same things in wider and narrower ways, and must not be added up. */
export const valueOf = (actions: unknown, kinds: readonly string[]): string => {
  const list = Array.isArray(actions) ? (actions as Action[]) : [];
  for (const kind of kinds) {
    const found = list.find(({ action_type: type }) => type === kind);
    if (found) return found.value;
  }
  return '0';
};

const purchases = ['omni_purchase', 'purchase', 'offsite_conversion.fb_pixel_purchase'];
const leads = ['lead', 'onsite_conversion.lead_grouped', 'offsite_conversion.fb_pixel_lead'];

const counted = (record: MetaRecord): ApiRow => ({
  ...record,
  date: record['date_start'],
  link_clicks: record['inline_link_clicks'] ?? '0',
  clicks: record['clicks'] ?? '0',
  leads: valueOf(record['actions'], leads),
  currency: record['account_currency'],
});

const text = (name: string): Column => ({ name, type: 'text' });
const count = (name: string): Column => ({ name, type: 'bigint' });
const exact = (name: string): Column => ({ name, type: 'numeric' });

/** Meta keeps 37 months. */
const historyDays = 1_120;

const daily: InsightsRequest = {
  level: 'ad',
  fields: [
    'account_id', 'account_currency', 'campaign_id', 'campaign_name', 'objective', 'adset_id', 'adset_name', 'ad_id', 'ad_name',
    'impressions', 'clicks', 'inline_link_clicks', 'spend', 'reach', 'frequency', 'actions', 'action_values',
  ], // prettier-ignore
  breakdowns: [],
  key: ['date_start', 'ad_id'],
};

export const insightsDaily: MetaStream<MetaRecord[]> = {
  ...streamDefaults,
  ...byDays({ days: 7, mostDays: 28, historyDays }),
  name: 'insights_daily',
  description: 'One row an ad and day: what was shown and spent, and what came of it.',
  key: ['date', 'account_id', 'ad_id'],
  lookbackDays: attributionDays,
  provisionalDays: attributionDays,
  columns: [
    { name: 'date', type: 'date' }, text('account_id'), text('campaign_id'), text('campaign_name'), text('objective'), text('adset_id'),
    text('adset_name'), text('ad_id'), text('ad_name'), count('impressions'), count('clicks'), count('link_clicks'), count('reach'),
    { name: 'frequency', type: 'double' }, exact('spend'), exact('purchases'), exact('purchase_value'), exact('leads'),
    { name: 'actions', type: 'json' }, { name: 'action_values', type: 'json' }, text('currency'),
  ], // prettier-ignore
  async *pages({ config, slice }, context) {
    for await (const body of readInsights(daily, config, slice, context)) yield { body };
  },
  rows: (records) =>
    records.map((record) => ({
      ...counted(record),
      purchases: valueOf(record['actions'], purchases),
      purchase_value: valueOf(record['action_values'], purchases),
    })),
};

const hourBreakdown = 'hourly_stats_aggregated_by_advertiser_time_zone';

/** People (reach) are not counted by hours, and what happens on a website is left out by Meta since 2021. */
const hourly: InsightsRequest = {
  level: 'campaign',
  fields: [
    'account_id', 'account_currency', 'campaign_id', 'campaign_name', 'objective', 'impressions', 'clicks', 'inline_link_clicks', 'spend', 'actions',
  ], // prettier-ignore
  breakdowns: [hourBreakdown],
  key: ['date_start', 'campaign_id', hourBreakdown],
};

/** `13:00:00 - 13:59:59` → `13`; what is written otherwise is no hour, and the row is rejected. */
const hourOf = (text: unknown): string | null => {
  const hour = /^(\d{2}):00:00 - \d{2}:59:59$/.exec(String(text))?.[1];
  return hour === undefined ? null : String(Number(hour));
};

export const insightsHourly: MetaStream<MetaRecord[]> = {
  ...streamDefaults,
  ...byDays({ days: 2, mostDays: 7, historyDays }),
  name: 'insights_hourly',
  description:
    'One row a campaign and hour of the ad account’s day; purchases on websites are told by day only.',
  key: ['date', 'hour', 'account_id', 'campaign_id'],
  lookbackDays: attributionDays,
  provisionalDays: attributionDays,
  columns: [
    { name: 'date', type: 'date' }, count('hour'), text('account_id'), text('campaign_id'), text('campaign_name'), text('objective'),
    count('impressions'), count('clicks'), count('link_clicks'), exact('spend'), exact('leads'), { name: 'actions', type: 'json' },
    text('currency'),
  ], // prettier-ignore
  async *pages({ config, slice }, context) {
    for await (const body of readInsights(hourly, config, slice, context)) yield { body };
  },
  rows: (records) => records.map((record) => ({ ...counted(record), hour: hourOf(record[hourBreakdown]) })),
};
