/** What a complete sync of the sandbox account must end with, taken from the account itself and not from answers. */
import { localDate } from '../../market';
import type { EventBook } from './events';
import { metricNames } from './names';
import { daysOfMetric, sentCampaigns, statisticsOf } from './reports';
import type { Resource } from './resource';
import {
  account,
  campaignResources,
  flows,
  forms,
  lists,
  metricId,
  metrics,
  profiles,
  templates,
  type World,
} from './world';
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

export const klaviyoTruth = (
  world: World,
  book: EventBook,
  now: () => Date,
  empty: boolean,
): KlaviyoTruth => {
  const span = (days: Days | undefined): [from: number, to: number] =>
    days
      ? [startOfDay(days.from, account.timeZone), startOfDay(days.to, account.timeZone)]
      : [0, now().getTime()];
  const whenFull = <T>(rows: () => T[]): T[] => (empty ? [] : rows());
  const rows: Record<KlaviyoStream, (days?: Days) => Record<string, unknown>[]> = {
    metrics: () => metrics(world).map(named),
    lists: () => whenFull(() => lists(world).map(named)),
    flows: () => whenFull(() => flows(world).map(named)),
    forms: () => whenFull(() => forms(world).map(named)),
    templates: () =>
      whenFull(() =>
        templates(world, now()).map((found) => ({ ...named(found), updated: found.attributes['updated'] })),
      ),
    profiles: () =>
      profiles(world, now()).map(({ id, attributes: { email, external_id, updated } }) => ({
        id,
        email,
        external_id,
        updated,
      })),
    campaigns: () =>
      whenFull(() =>
        campaignResources(world, now()).map((found) => ({
          ...named(found),
          channel: found.hidden?.['messages.channel'],
          archived: found.attributes['archived'],
          status: found.attributes['status'],
        })),
      ),
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
      metricNames.flatMap(([name]) =>
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
    campaign_values: () =>
      whenFull(() =>
        sentCampaigns(world, now(), now().getTime() - 365 * 86_400_000, now().getTime()).map((campaign) => {
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
      ),
  };
  return (stream, days) => rows[stream](days);
};
