/** What insights are asked for, and what Meta refuses of it. */
import { dateOf, dayNumber } from '../../market';
import { refuseAsMeta } from '../meta-identity/graph-error';
import { localDateOf } from './delivery';
import { decoded, invalid, limitOf, listOf, type Parameters } from './parameters';
import type { AdAccount } from './world';

export type Level = 'account' | 'campaign' | 'adset' | 'ad';

export interface InsightsQuery {
  level: Level;
  since: string;
  /** Included. */
  until: string;
  /** Days of a row; null: all in one. */
  increment: number | null;
  hourly: boolean;
  fields: string[];
}

export const levels: readonly Level[] = ['account', 'campaign', 'adset', 'ad'];
export const hourlyBreakdown = 'hourly_stats_aggregated_by_advertiser_time_zone';

/** Known to the sandbox; Meta has many more, which it refuses as if they did not exist. */
const knownFields = new Set([
  'account_id', 'account_name', 'account_currency', 'campaign_id', 'campaign_name', 'adset_id', 'adset_name', 'ad_id', 'ad_name',
  'date_start', 'date_stop', 'objective', 'buying_type', 'impressions', 'clicks', 'spend', 'reach', 'frequency', 'ctr', 'cpc', 'cpm',
  'inline_link_clicks', 'actions', 'action_values', 'cost_per_action_type',
]); // prettier-ignore

/** Counted by people, and people are not counted by hours. */
const ofPeople = ['reach', 'frequency'];

const pattern = /^\d{4}-\d{2}-\d{2}$/;

const presets: Readonly<Record<string, [from: number, to: number]>> = {
  today: [0, 0], yesterday: [1, 1], last_3d: [3, 1], last_7d: [7, 1], last_14d: [14, 1], last_28d: [28, 1], last_30d: [30, 1], last_90d: [90, 1],
}; // prettier-ignore

/** The first day that Meta still has: 37 months back. */
const firstKept = (today: string): string => {
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - 37);
  return date.toISOString().slice(0, 10);
};

const rangeOf = (parameters: Parameters, today: string): [since: string, until: string] => {
  const range = decoded(parameters, 'time_range') as { since?: unknown; until?: unknown } | undefined;
  if (range === undefined) {
    const preset = String(parameters.get('date_preset') ?? 'last_30d');
    const days = presets[preset];
    if (!days)
      throw invalid(`date_preset must be one of the following values: ${Object.keys(presets).join(', ')}`);
    return [dateOf(dayNumber(today) - days[0]), dateOf(dayNumber(today) - days[1])];
  }
  const [since, until] = [String(range.since ?? ''), String(range.until ?? '')];
  if (!pattern.test(since) || !pattern.test(until))
    throw invalid('Must be a date representation in the format YYYY-MM-DD');
  if (since > until) throw invalid('time range since must be before until');
  if (since < firstKept(today)) {
    const message =
      '(#3018) The start date of the time range cannot be beyond 37 months from the current date';
    throw refuseAsMeta({ code: 3018, message });
  }
  return [since, until];
};

const incrementOf = (parameters: Parameters): number | null => {
  const value = parameters.get('time_increment') ?? 'all_days';
  if (value === 'all_days') return null;
  const days = Number(value);
  if (!Number.isInteger(days) || days < 1 || days > 90) {
    throw invalid("time_increment must be 'monthly', 'all_days' or an integer between 1 and 90");
  }
  return days;
};

/** Throws a refusal for what Meta refuses. */
export const insightsQuery = (parameters: Parameters, account: AdAccount, now: Date): InsightsQuery => {
  limitOf(parameters);
  const level = String(parameters.get('level') ?? 'account') as Level;
  if (!levels.includes(level))
    throw invalid(`level must be one of the following values: ${levels.join(', ')}`);
  const breakdowns = listOf(parameters, 'breakdowns');
  const strange = breakdowns.find((breakdown) => breakdown !== hourlyBreakdown);
  if (strange !== undefined)
    throw invalid(`breakdowns[0] must be one of the following values: ${hourlyBreakdown}, got "${strange}"`);
  const hourly = breakdowns.length > 0;
  const asked = listOf(parameters, 'fields');
  const fields = asked.length > 0 ? asked : ['impressions', 'spend'];
  const unknown = fields.find((field) => !knownFields.has(field));
  if (unknown !== undefined) {
    throw invalid(
      `${unknown} is not valid for fields param. please check https://developers.facebook.com/docs/marketing-api/reference/ads-insights/ for all valid values`,
    );
  }
  const counted = hourly ? fields.find((field) => ofPeople.includes(field)) : undefined;
  if (counted !== undefined)
    throw invalid(`${counted} is not available with the breakdown ${hourlyBreakdown}`);
  const [since, until] = rangeOf(parameters, localDateOf(now, account.timeZone));
  return { level, since, until, increment: incrementOf(parameters), hourly, fields };
};
