/** How campaigns did, as Klaviyo reports it: numbers that grow for some days after a campaign was sent. */
import { dayNumber, localDate, restated, wholeBetween } from '../../market';
import type { VendorRequest } from '../stand-in';
import { campaigns, type Campaign } from './campaigns';
import { badField, badParameter } from './errors';
import { instantOf } from './filter';
import type { PageCursors } from './paging';
import { attributesOf, metricNameOf, strings, yearLength } from './report-request';
import { account, type World } from './world';

/** Days for which a campaign's numbers still grow. */
export const attributionDays = 5;

/** A campaign's numbers as Klaviyo shows them on a day; they grow until they are `attributionDays` old. */
export const statisticsOf = (world: World, campaign: Campaign, now: Date): Record<string, number> => {
  const { chance } = world;
  const { place, date, channel } = campaign;
  const today = localDate(now, account.timeZone);
  const grown = (final: number): number => restated(final, date, today, attributionDays);
  const recipients =
    channel === 'email'
      ? wholeBetween(chance('reached', place), 1_350, 2_200)
      : wholeBetween(chance('reached', place), 420, 760);
  const bounced = Math.round(recipients * 0.012 * chance('bounced', place));
  const delivered = recipients - bounced;
  const openRate = channel === 'email' ? 0.32 + 0.2 * chance('open', place) : 0;
  const opensUnique = grown(delivered * openRate);
  const clicksUnique = grown(delivered * (0.018 + 0.035 * chance('click', place)));
  const conversions = grown(delivered * (0.004 + 0.012 * chance('convert', place)));
  const value = Math.round(conversions * (38 + 46 * chance('basket', place)) * 100) / 100;
  return {
    recipients, delivered, bounced,
    opens: Math.round(opensUnique * 1.4), opens_unique: opensUnique,
    clicks: Math.round(clicksUnique * 1.25), clicks_unique: clicksUnique,
    conversions, conversion_uniques: conversions, conversion_value: value,
    unsubscribes: grown(delivered * 0.003), spam_complaints: grown(delivered * 0.0004),
    open_rate: opensUnique / delivered, click_rate: clicksUnique / delivered, bounce_rate: bounced / recipients,
    conversion_rate: conversions / delivered, delivery_rate: delivered / recipients,
    revenue_per_recipient: value / recipients, average_order_value: conversions ? value / conversions : 0,
  }; // prettier-ignore
};

const groupings = (campaign: Campaign): Record<string, string> => ({
  campaign_id: campaign.id,
  campaign_message_id: campaign.messageId,
  campaign_message_name: campaign.name,
  send_channel: campaign.channel,
});

const keyed: Record<string, number> = {
  today: 0, yesterday: 1, last_7_days: 7, last_30_days: 30, last_90_days: 90, last_3_months: 92, last_365_days: 365, last_12_months: 365,
}; // prettier-ignore

const timeframeOf = (timeframe: unknown, now: Date): [from: number, to: number] => {
  const { key, start, end } = (timeframe ?? {}) as { key?: string; start?: string; end?: string };
  const pointer = '/data/attributes/timeframe';
  if (key !== undefined) {
    const days = keyed[key];
    if (days === undefined) throw badField(pointer, `'${key}' is not a valid timeframe key.`);
    return [now.getTime() - days * 86_400_000, now.getTime()];
  }
  if (!start || !end) throw badField(pointer, 'A timeframe takes a key, or a start and an end.');
  const [from, to] = [Date.parse(instantOf(start)), Date.parse(instantOf(end))];
  if (to - from > yearLength) throw badField(pointer, 'The timeframe must not exceed one year.');
  return [from, to];
};

const reportPage = 100;

/** Sent ones within the range, oldest first. */
export const sentCampaigns = (world: World, now: Date, from: number, to: number): Campaign[] =>
  campaigns(world, now).filter(
    ({ sendTime }) => sendTime >= from && sendTime < to && sendTime <= now.getTime(),
  );

export const answerCampaignValues = (
  world: World,
  request: VendorRequest,
  now: Date,
  cursors: PageCursors,
  url: string,
): unknown => {
  const strange = [...request.query.keys()].find(
    (name) => name !== 'page_cursor' && !name.startsWith('fields['),
  );
  if (strange) throw badParameter(strange, `'${strange}' is not a valid query parameter.`);
  const attributes = attributesOf(request, 'campaign-values-report', [
    'statistics', 'timeframe', 'conversion_metric_id', 'group_by', 'filter',
  ]); // prettier-ignore
  const asked = strings(attributes['statistics'], '/data/attributes/statistics');
  metricNameOf(world, attributes['conversion_metric_id'], '/data/attributes/conversion_metric_id');
  const by =
    attributes['group_by'] === undefined
      ? ['campaign_id', 'campaign_message_id', 'send_channel']
      : strings(attributes['group_by'], '/data/attributes/group_by');
  if (!by.includes('campaign_id') || !by.includes('campaign_message_id')) {
    throw badField(
      '/data/attributes/group_by',
      'campaign_id and campaign_message_id are required group-bys.',
    );
  }
  const sent = sentCampaigns(world, now, ...timeframeOf(attributes['timeframe'], now));
  const query = request.body;
  const cursor = request.query.get('page_cursor');
  const after = cursor === null ? -1 : dayNumber(cursors.read(query, cursor).id);
  const rest = sent.filter(({ date }) => dayNumber(date) > after);
  const page = rest.slice(0, reportPage);
  const last = rest.length > reportPage ? page.at(-1) : undefined;
  const results = page.map((campaign) => {
    const all = statisticsOf(world, campaign, now);
    const groups = groupings(campaign);
    const unknown = asked.find((name) => !(name in all)) ?? by.find((name) => !(name in groups));
    if (unknown) throw badField('/data/attributes', `'${unknown}' is not known to the sandbox.`);
    return {
      groupings: Object.fromEntries(by.map((name) => [name, groups[name]])),
      statistics: Object.fromEntries(asked.map((name) => [name, all[name]])),
    };
  });
  const next =
    last &&
    `${url}${request.path}?page_cursor=${encodeURIComponent(cursors.write(query, { value: null, id: last.date }))}`;
  return {
    data: { type: 'campaign-values-report', attributes: { results } },
    links: { self: `${url}${request.path}`, next: next ?? null, prev: null },
  };
};
