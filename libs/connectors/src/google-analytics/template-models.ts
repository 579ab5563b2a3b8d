/** The models of the overview: small, keyed, and about whole days where they compare. */
import type { ConnectorTemplate } from '../kit/template';

/**
 * Sessions, revenue and events add up over sources; people don't, as one may come by several. Devices hardly share people, so users are
 * counted over them, and new users over the source that first brought them.
 */
const daily = `
SELECT t.date, t.sessions, t.engaged_sessions, coalesce(d.users, 0) AS users, coalesce(a.new_users, 0) AS new_users,
  coalesce(d.views, 0) AS views, t.events, t.key_events, t.revenue, t.currency
FROM (
  SELECT date, sum(sessions)::bigint AS sessions, sum(engaged_sessions)::bigint AS engaged_sessions,
    sum(event_count) AS events, sum(key_events) AS key_events, sum(total_revenue) AS revenue, max(currency) AS currency
  FROM {source}.traffic GROUP BY date) t
LEFT JOIN (
  SELECT date, sum(total_users)::bigint AS users, sum(screen_page_views)::bigint AS views
  FROM {source}.devices GROUP BY date) d ON d.date = t.date
LEFT JOIN (
  SELECT date, sum(new_users)::bigint AS new_users FROM {source}.acquisition GROUP BY date) a ON a.date = t.date`;

/** As Google Analytics groups its default channels, for the sources and mediums that are common. */
const channelOf = `
CASE
  WHEN source = '(data not available)' THEN 'Not known yet'
  WHEN source = '(direct)' AND medium IN ('(none)', '(not set)') THEN 'Direct'
  WHEN medium IN ('email', 'e-mail', 'e_mail') THEN 'Email'
  WHEN medium = 'sms' THEN 'SMS'
  WHEN medium LIKE 'affiliate%' THEN 'Affiliates'
  WHEN is_paid AND is_social THEN 'Paid Social'
  WHEN is_paid AND is_search THEN 'Paid Search'
  WHEN is_paid AND is_video THEN 'Paid Video'
  WHEN medium IN ('display', 'banner', 'cpm', 'interstitial', 'expandable') THEN 'Display'
  WHEN is_paid THEN 'Paid Other'
  WHEN is_social OR medium IN ('social', 'social-network', 'social-media', 'sm') THEN 'Organic Social'
  WHEN is_video THEN 'Organic Video'
  WHEN medium = 'organic' THEN 'Organic Search'
  WHEN medium IN ('referral', 'app', 'link') THEN 'Referral'
  ELSE 'Other'
END`;

const likeAny = (sites: readonly string[]): string =>
  sites.map((site) => `lower(session_source) LIKE '%${site}%'`).join(' OR ');
const socialSites = ['facebook', 'instagram', 'tiktok', 'pinterest', 'linkedin', 'reddit', 'twitter'];
const videoSites = ['youtube', 'vimeo', 'twitch'];
const searchSites = ['google', 'bing', 'duckduckgo', 'yahoo', 'baidu', 'ecosia'];

const channels = `
SELECT date, ${channelOf.trim()} AS channel,
  sum(sessions)::bigint AS sessions, sum(engaged_sessions)::bigint AS engaged_sessions, sum(key_events) AS key_events,
  sum(total_revenue) AS revenue
FROM (
  SELECT date, sessions, engaged_sessions, key_events, total_revenue, session_source AS source,
    lower(session_medium) AS medium,
    lower(session_medium) IN ('cpc', 'ppc', 'cpm', 'cpv', 'paid', 'retargeting') OR lower(session_medium) LIKE 'paid%' AS is_paid,
    ${likeAny(socialSites)} OR session_source IN ('t.co', 'x.com') AS is_social,
    ${likeAny(videoSites)} AS is_video,
    ${likeAny(searchSites)} AS is_search
  FROM {source}.traffic) visits
GROUP BY 1, 2`;

/** Four whole weeks against the four before; the day under way would spoil the comparison. */
const topPages = `
SELECT page_path, sum(views) FILTER (WHERE is_recent)::bigint AS views,
  coalesce(sum(views) FILTER (WHERE NOT is_recent), 0)::bigint AS views_before,
  sum(users) FILTER (WHERE is_recent)::bigint AS users, sum(key_events) FILTER (WHERE is_recent) AS key_events,
  sum(revenue) FILTER (WHERE is_recent) AS revenue
FROM (
  SELECT p.page_path, p.screen_page_views AS views, p.total_users AS users, p.key_events, p.total_revenue AS revenue,
    p.date > last.day - 28 AS is_recent
  FROM {source}.pages p, (SELECT max(date) - 1 AS day FROM {source}.pages) last
  WHERE p.date <= last.day AND p.date > last.day - 56) recent
GROUP BY page_path
HAVING count(*) FILTER (WHERE is_recent) > 0`;

const devices = `
SELECT date, device_category, operating_system, sum(sessions)::bigint AS sessions, sum(total_users)::bigint AS users,
  sum(screen_page_views)::bigint AS views
FROM {source}.devices
GROUP BY date, device_category, operating_system`;

const countries = `
SELECT date, country, sum(sessions)::bigint AS sessions, sum(total_users)::bigint AS users, sum(new_users)::bigint AS new_users
FROM {source}.locations
GROUP BY date, country`;

const events = `
SELECT date, event_name, sum(event_count) AS events, sum(total_users)::bigint AS users, sum(total_revenue) AS revenue
FROM {source}.events
GROUP BY date, event_name`;

type Models = ConnectorTemplate['models'];

const keyed = (name: string, sql: string, ...key: string[]): Models[number] => ({
  name: `{source}_${name}`,
  sql,
  guards: [
    { kind: 'unique', columns: key, severity: 'block' },
    { kind: 'not_null', columns: key, severity: 'block' },
  ],
  indexes: [{ columns: key, unique: true }],
});

export const overviewModels: Models = [
  keyed('daily', daily, 'date'),
  keyed('channels', channels, 'date', 'channel'),
  keyed('top_pages', topPages, 'page_path'),
  keyed('devices', devices, 'date', 'device_category', 'operating_system'),
  keyed('countries', countries, 'date', 'country'),
  keyed('events', events, 'date', 'event_name'),
];
