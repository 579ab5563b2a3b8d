/** The Insights API: what was shown and what came of it, at a level, by days, and by hours if asked. */
import { dateOf, dayNumber } from '../../market';
import { byHour, deliveryOf, sum, type Delivery } from './delivery';
import { hourlyBreakdown, levels, type InsightsQuery, type Level } from './insights-query';
import { allAds, type Ad, type AdAccount, type World } from './world';

const money = (hundredths: number): string => (hundredths / 100).toFixed(2).replace(/\.?0+$/, '');

const action = (type: string, value: string | number): { action_type: string; value: string } => ({
  action_type: type,
  value: String(value),
});

/** With hours, Meta leaves out what happened elsewhere: carts and purchases on a website. */
const actionsOf = (day: Delivery, hourly: boolean): unknown[] =>
  [
    action('link_click', day.linkClicks),
    action('lead', day.leads),
    ...(hourly
      ? []
      : [
          action('add_to_cart', day.addsToCart),
          action('purchase', day.purchases),
          action('omni_purchase', day.purchases),
          action('offsite_conversion.fb_pixel_purchase', day.purchases),
        ]),
  ].filter(({ value }) => value !== '0');

const actionValuesOf = ({ earned }: Delivery): unknown[] | undefined =>
  earned === 0
    ? undefined
    : // Converted from another currency on the way, with all digits of that.
      ['purchase', 'omni_purchase', 'offsite_conversion.fb_pixel_purchase'].map((type) =>
        action(type, `${money(earned)}${earned % 100 ? '0000000000001' : ''}`),
      );

const ratio = (part: number, all: number): string | undefined =>
  all === 0 ? undefined : (part / all).toFixed(6);

const groupOf = (ad: Ad, level: Level): string =>
  level === 'ad'
    ? ad.id
    : level === 'adset'
      ? ad.adSet.id
      : level === 'campaign'
        ? ad.adSet.campaign.id
        : ad.adSet.campaign.account.id;

const names = (ad: Ad, level: Level): Record<string, unknown> => {
  const depth = levels.indexOf(level);
  const { adSet } = ad;
  const { campaign } = adSet;
  return {
    account_id: campaign.account.id,
    account_name: campaign.account.name,
    account_currency: campaign.account.currency,
    ...(depth > 0 && {
      campaign_id: campaign.id,
      campaign_name: campaign.name,
      objective: campaign.objective,
      buying_type: 'AUCTION',
    }),
    ...(depth > 1 && { adset_id: adSet.id, adset_name: adSet.name }),
    ...(depth > 2 && { ad_id: ad.id, ad_name: ad.name }),
  };
};

const valuesOf = (day: Delivery, hourly: boolean): Record<string, unknown> => ({
  impressions: String(day.impressions),
  clicks: String(day.clicks),
  inline_link_clicks: String(day.linkClicks),
  spend: money(day.spent),
  reach: String(day.reach),
  frequency: ratio(day.impressions, day.reach),
  ctr: ratio(day.clicks * 100, day.impressions),
  cpc: ratio(day.spent / 100, day.clicks),
  cpm: ratio(day.spent * 10, day.impressions),
  actions: actionsOf(day, hourly),
  action_values: hourly ? undefined : actionValuesOf(day),
  cost_per_action_type:
    day.linkClicks === 0 ? undefined : [action('link_click', (day.spent / 100 / day.linkClicks).toFixed(6))],
});

export interface Insight {
  ad: Ad;
  level: Level;
  since: string;
  until: string;
  hour: number | null;
  delivery: Delivery;
}

const hourText = (hour: number): string => {
  const two = String(hour).padStart(2, '0');
  return `${two}:00:00 - ${two}:59:59`;
};

/** As Meta writes a row: the fields asked for, and always the days and the breakdown. */
export const insightRow = (
  { ad, level, since, until, hour, delivery }: Insight,
  fields: readonly string[],
): Record<string, unknown> => {
  const all = { ...names(ad, level), ...valuesOf(delivery, hour !== null) };
  const entries = Object.entries(all).filter(([name, value]) => fields.includes(name) && value !== undefined);
  const filled = entries.filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return {
    ...Object.fromEntries(filled),
    date_start: since,
    date_stop: until,
    ...(hour !== null && { [hourlyBreakdown]: hourText(hour) }),
  };
};

const datesOf = (since: string, until: string): string[] =>
  Array.from({ length: dayNumber(until) - dayNumber(since) + 1 }, (_, place) =>
    dateOf(dayNumber(since) + place),
  );

/** Each hour of all these days. */
const hoursOf = (
  days: ReadonlyMap<string, readonly Delivery[]>,
  now: Date,
  { timeZone }: AdAccount,
): { hour: number; delivery: Delivery }[] => {
  const hours = new Map<number, Delivery[]>();
  for (const [date, deliveries] of days) {
    for (const { hour, delivery } of byHour(sum(deliveries), date, now, timeZone)) {
      hours.set(hour, [...(hours.get(hour) ?? []), delivery]);
    }
  }
  return [...hours].map(([hour, parts]) => ({ hour, delivery: sum(parts) }));
};

/** Nothing is there where nothing was shown. */
export const insights = (world: World, account: AdAccount, query: InsightsQuery, now: Date): Insight[] => {
  const { level, since, until, increment, hourly } = query;
  const ads = allAds(world, account, now);
  const days = datesOf(since, until);
  const length = increment ?? days.length;
  const found: Insight[] = [];
  for (let start = 0; start < days.length; start += length) {
    const part = days.slice(start, start + length);
    const span = { since: part[0] ?? since, until: part.at(-1) ?? until };
    const groups = new Map<string, { ad: Ad; days: Map<string, Delivery[]> }>();
    for (const ad of ads) {
      const id = groupOf(ad, level);
      for (const date of part) {
        const day = deliveryOf(world, ad, date, now);
        if (!day || day.impressions === 0) continue;
        const group = groups.get(id) ?? { ad, days: new Map<string, Delivery[]>() };
        groups.set(id, group);
        const deliveries = group.days.get(date);
        if (deliveries) deliveries.push(day);
        else group.days.set(date, [day]);
      }
    }
    for (const { ad, days: own } of groups.values()) {
      for (const { hour, delivery } of hourly
        ? hoursOf(own, now, account)
        : [{ hour: null, delivery: sum([...own.values()].flat()) }]) {
        if (delivery.impressions > 0) found.push({ ad, level, ...span, hour, delivery });
      }
    }
  }
  return found;
};
