/** What a complete sync of the sandbox account must end with, taken from the account itself and not from answers. */
import { dateOf, dayNumber, localDate } from '../../market';
import type { EventBook } from './events';
import { metricNames } from './names';
import { sentCampaigns, statisticsOf } from './campaign-values';
import { campaignResources } from './campaigns';
import { daysOfMetric } from './metric-aggregates';
import type { Resource } from './resource';
import { account, flows, forms, lists, metricId, metrics, profiles, templates, type World } from './world';
import { startOfDay } from './zone';

export type KlaviyoStream =
  | 'campaigns' | 'flows' | 'lists' | 'profiles' | 'events' | 'metrics' | 'metric_aggregates' | 'forms' | 'templates' | 'campaign_values'; // prettier-ignore

/** Days in the account's zone; `to` is excluded. Only for streams of days. */
export interface Days {
  from: string;
  to: string;
}

/** Rows by column name; money and ids as exact text, moments as ISO 8601 with `Z`. */
export type KlaviyoTruth = (stream: KlaviyoStream, days?: Days) => Record<string, unknown>[];

const named = ({ id, attributes }: Resource): Record<string, unknown> => ({ id, name: attributes['name'] });

export const klaviyoTruth = (world: World, book: EventBook, now: () => Date): KlaviyoTruth => {
  const span = ({ from, to }: Days): [from: number, to: number] => [
    startOfDay(from, account.timeZone),
    startOfDay(to, account.timeZone),
  ];
  const aYear = (): Days => {
    const today = dayNumber(localDate(now(), account.timeZone));
    return { from: dateOf(today - 364), to: dateOf(today + 1) };
  };
  const rows: Record<KlaviyoStream, (days: Days) => Record<string, unknown>[]> = {
    metrics: () => metrics(world).map(named),
    lists: () => lists(world).map(named),
    flows: () => flows(world).map(named),
    forms: () => forms(world).map(named),
    templates: () =>
      templates(world, now()).map((found) => ({ ...named(found), updated: found.attributes['updated'] })),
    profiles: () =>
      profiles(world, now()).map(({ id, attributes: { email, external_id, updated } }) => ({
        id,
        email,
        external_id,
        updated,
      })),
    campaigns: () =>
      campaignResources(world, now()).map((found) => ({
        ...named(found),
        channel: found.hidden?.['messages.channel'],
        archived: found.attributes['archived'],
        status: found.attributes['status'],
      })),
    events: (days) =>
      book.between(...span(days)).map(({ resource, at, value, profileId, metric }) => ({
        id: resource.id,
        metric_id: metricId(world, metric),
        profile_id: profileId,
        datetime: new Date(at).toISOString(),
        date: localDate(new Date(at), account.timeZone),
        value,
      })),
    metric_aggregates: (days) =>
      (world.isEmpty() ? [] : metricNames).flatMap(([name]) =>
        daysOfMetric(book, name, ...span(days), account.timeZone).map(
          ({ date, count, unique, sum_value }) => ({
            date,
            metric_id: metricId(world, name),
            count: String(count),
            unique_count: String(unique),
            sum_value: String(sum_value),
          }),
        ),
      ),
    campaign_values: (days) =>
      sentCampaigns(world, now(), ...span(days)).map((campaign) => {
        const { recipients, opens_unique, conversions, conversion_value } = statisticsOf(
          world,
          campaign,
          now(),
        );
        return {
          campaign_id: campaign.id,
          campaign_message_id: campaign.messageId,
          send_channel: campaign.channel,
          recipients: String(recipients),
          opens_unique: String(opens_unique),
          conversions: String(conversions),
          conversion_value: String(conversion_value),
        };
      }),
  };
  return (stream, days = aYear()) => rows[stream](days);
};
