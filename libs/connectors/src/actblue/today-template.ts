/** How today goes, hour by hour: what Meta's ads cost, what came in on ActBlue, by which channel, and which campaign brought it. */
import type { ConnectorTemplate } from '../kit/template';
import { todayCharts } from './today-charts';

/** Four weeks, and as many before to look back at, up to the last day there is: the same rows give the same models, whenever. */
const lately = (day: string, table: string): string => `${day} >= (SELECT max(${day}) - 56 FROM ${table})`;
const spentLately = lately('date', '{ads}.insights_hourly');

/** Letters, digits and single underscores, without what says only that it was Meta: `FB Prospecting | US` → `prospecting_us`. */
const tagOf = (text: string): string =>
  `regexp_replace(btrim(regexp_replace(lower(${text}), '[^[:alnum:]]+', '_', 'g'), '_'), '^(fb|facebook|ig|instagram|meta)_', '')`;

const prefixed = (...words: string[]): string => `~* '^(${words.join('|')})([^[:alnum:]]|$)'`;

/**
 * Days and hours are the ad account's. A refcode names a campaign by its name or its number; the newest has it where several do.
 * Later payments of a monthly donation are a channel of their own, since no work of today brought them.
 */
const donations = `
WITH tags AS (
  SELECT DISTINCT ON (tag) tag, id AS campaign_id
  FROM (SELECT id, created_time, ${tagOf('name')} AS tag FROM {ads}.campaigns
        UNION ALL SELECT id, created_time, id FROM {ads}.campaigns) named
  WHERE tag <> '' ORDER BY tag, created_time DESC NULLS LAST, id DESC
), given AS (
  SELECT c.*, c.paid_at AT TIME ZONE '{ads.zone}' AS local, r.lineitem_id IS NOT NULL AS is_refunded,
    coalesce(c.recurrence_number, 1) > 1 AS is_repeated
  FROM {source}.contributions c
  LEFT JOIN {source}.refunds r ON r.lineitem_id = c.lineitem_id
  WHERE ${lately('paid_on', '{source}.contributions')}
)
SELECT g.lineitem_id, g.paid_at, g.local::date AS date, extract(hour FROM g.local)::int AS hour, g.donor_email, g.form, g.refcode,
  CASE WHEN g.is_repeated THEN 'Recurring'
       WHEN first.campaign_id IS NOT NULL OR second.campaign_id IS NOT NULL
         OR g.refcode ${prefixed('fb', 'facebook', 'ig', 'instagram', 'meta')} THEN 'Meta'
       WHEN g.refcode ${prefixed('em', 'email', 'eml', 'mail', 'newsletter')} THEN 'Email'
       WHEN g.refcode ${prefixed('sms', 'txt', 'text', 'mms', 'p2p')} THEN 'SMS'
       WHEN g.refcode ${prefixed('web', 'website', 'site', 'www', 'home', 'homepage')} THEN 'Website'
       ELSE 'Other' END AS channel,
  CASE WHEN NOT g.is_repeated THEN coalesce(first.campaign_id, second.campaign_id) END AS campaign_id,
  CASE WHEN g.is_refunded THEN 0 ELSE g.amount END AS net_amount
FROM given g
LEFT JOIN tags first ON first.tag = ${tagOf('g.refcode')}
LEFT JOIN tags second ON second.tag = ${tagOf('g.refcode2')}`;

/** Every hour in which something was spent or given. */
const hourly = `
SELECT date, hour, sum(spend) AS spend, sum(link_clicks)::bigint AS link_clicks, sum(donations)::bigint AS donations,
  sum(raised) AS raised, sum(raised_by_meta) AS raised_by_meta
FROM (
  SELECT date, hour::int AS hour, spend, link_clicks, 0 AS donations, 0::numeric AS raised, 0::numeric AS raised_by_meta
  FROM {ads}.insights_hourly WHERE ${spentLately}
  UNION ALL
  SELECT date, hour, 0, 0, 1, net_amount, CASE WHEN channel = 'Meta' THEN net_amount ELSE 0 END
  FROM {source}_today_donations) both_sides
GROUP BY date, hour`;

const channels = `
SELECT date, channel, count(*) AS donations, count(DISTINCT donor_email) AS donors, sum(net_amount) AS raised
FROM {source}_today_donations
GROUP BY date, channel`;

/** Donations of Meta whose refcode no campaign has are a row without a campaign, so that the sums agree. */
const campaigns = `
SELECT date, coalesce(campaign_id, '') AS campaign_id,
  coalesce(max(c.name), max(told_name), '(no campaign of this refcode)') AS campaign,
  sum(spend) AS spend, sum(link_clicks)::bigint AS link_clicks, sum(donations)::bigint AS donations, sum(raised) AS raised
FROM (
  SELECT date, campaign_id, campaign_name AS told_name, spend, link_clicks, 0 AS donations, 0::numeric AS raised
  FROM {ads}.insights_hourly WHERE ${spentLately}
  UNION ALL
  SELECT date, campaign_id, NULL, 0, 0, 1, net_amount FROM {source}_today_donations WHERE channel = 'Meta') both_sides
LEFT JOIN {ads}.campaigns c ON c.id = both_sides.campaign_id
GROUP BY date, coalesce(campaign_id, '')`;

export const todayTemplate: ConnectorTemplate = {
  name: 'today',
  title: 'Today',
  description:
    'What Meta’s ads cost and what came in today, hour by hour against yesterday, by channel, and what each campaign brought.',
  streams: ['contributions', 'refunds'],
  beside: [{ as: 'ads', type: 'meta-ads', streams: ['insights_hourly', 'campaigns'] }],
  models: [
    {
      name: '{source}_today_donations',
      sql: donations.trim(),
      guards: [{ kind: 'unique', columns: ['lineitem_id'], severity: 'block' }],
      indexes: [
        { columns: ['date', 'channel'], unique: false },
        { columns: ['campaign_id'], unique: false },
      ],
    },
    {
      name: '{source}_today_hourly',
      sql: hourly.trim(),
      guards: [{ kind: 'unique', columns: ['date', 'hour'], severity: 'block' }],
      indexes: [{ columns: ['date', 'hour'], unique: true }],
    },
    {
      name: '{source}_today_channels',
      sql: channels.trim(),
      guards: [{ kind: 'unique', columns: ['date', 'channel'], severity: 'block' }],
      indexes: [{ columns: ['date', 'channel'], unique: true }],
    },
    {
      name: '{source}_today_campaigns',
      sql: campaigns.trim(),
      guards: [{ kind: 'unique', columns: ['date', 'campaign_id'], severity: 'block' }],
      indexes: [{ columns: ['date', 'campaign_id'], unique: true }],
    },
  ],
  dashboards: [
    {
      name: 'Today',
      description:
        'Spend on Meta and donations on ActBlue, hour by hour of the ad account’s day ({ads.zone}).',
      charts: todayCharts,
    },
  ],
};
