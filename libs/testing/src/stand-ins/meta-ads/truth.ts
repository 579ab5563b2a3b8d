/** What a complete sync of sandbox ad accounts must end with, taken from the accounts themselves and not from answers. */
import { dateOf, dayNumber } from '../../market';
import type { Delivery } from './delivery';
import { insights, type Insight } from './insights';
import type { Level } from './insights-query';
import { adSetsOf, allAds, campaignsOf, type AdAccount, type World } from './world';

export type MetaStream = 'campaigns' | 'ad_sets' | 'ads' | 'creatives' | 'insights_daily' | 'insights_hourly';

/** In the zone of the accounts; `to` is excluded. */
export interface Days {
  from: string;
  to: string;
}

/** Rows by column name of these accounts; ids, counts and money as exact text. */
export type MetaTruth = (
  stream: MetaStream,
  accountIds: readonly string[],
  days?: Days,
) => Record<string, unknown>[];

const text = (hundredths: number): string => (hundredths / 100).toFixed(2);

const counted = ({ impressions, clicks, spent }: Delivery): Record<string, unknown> => ({
  impressions: String(impressions),
  clicks: String(clicks),
  spend: text(spent),
});

const hourly = (level: Level) => level === 'campaign';

export const metaTruth = (world: World, now: () => Date): MetaTruth => {
  const found = (account: AdAccount, level: Level, { from, to }: Days): Insight[] =>
    from >= to
      ? []
      : insights(
          world,
          account,
          {
            level,
            since: from,
            until: dateOf(dayNumber(to) - 1),
            increment: 1,
            hourly: hourly(level),
            fields: [],
          },
          now(),
        );
  const rows: Record<MetaStream, (account: AdAccount, days: Days) => Record<string, unknown>[]> = {
    campaigns: (account) =>
      campaignsOf(world, account, now()).map(({ id, name, status, objective }) => ({
        id,
        account_id: account.id,
        name,
        status,
        objective,
      })),
    ad_sets: (account) =>
      campaignsOf(world, account, now()).flatMap((campaign) =>
        adSetsOf(world, campaign).map(({ id, name }) => ({
          id,
          account_id: account.id,
          campaign_id: campaign.id,
          name,
        })),
      ),
    ads: (account) =>
      allAds(world, account, now()).map(({ id, name, adSet, creative }) => ({
        id,
        name,
        adset_id: adSet.id,
        creative_id: creative.id,
      })),
    creatives: (account) =>
      allAds(world, account, now()).map(({ creative: { id, title, name } }) => ({
        id,
        account_id: account.id,
        title,
        name,
      })),
    insights_daily: (account, days) =>
      found(account, 'ad', days).map(({ ad, since, delivery }) => ({
        date: since,
        account_id: account.id,
        ad_id: ad.id,
        ...counted(delivery),
        reach: String(delivery.reach),
        purchases: String(delivery.purchases),
        leads: String(delivery.leads),
      })),
    insights_hourly: (account, days) =>
      found(account, 'campaign', days).map(({ ad, since, hour, delivery }) => ({
        date: since,
        hour: String(hour),
        account_id: account.id,
        campaign_id: ad.adSet.campaign.id,
        ...counted(delivery),
      })),
  };
  const never: Days = { from: '1970-01-01', to: '1970-01-01' };
  return (stream, accountIds, days = never) =>
    world.accounts
      .filter(({ id }) => accountIds.includes(id))
      .flatMap((account) => rows[stream](account, days));
};
