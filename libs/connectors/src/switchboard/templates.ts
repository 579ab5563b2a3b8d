/** What people who text supporters look at first: what a message brings, what it costs, and whom it drives away. */
import type { ConnectorTemplate } from '../kit/template';
import { templateChart as chart } from '../kit/template-chart';

const dollars = { format: 'currency', currency: 'USD' } as const;

const broadcasts = `
SELECT id, title, status, created_on, created_at, coalesce(phone_list_name, '(no list)') AS list, total_messages,
  delivered, clicks, replies, opt_outs, donations, amount_raised AS raised, cost_estimate AS cost,
  amount_raised - cost_estimate AS net,
  clicks::numeric / nullif(delivered, 0) AS click_rate,
  replies::numeric / nullif(delivered, 0) AS reply_rate,
  opt_outs::numeric / nullif(delivered, 0) AS opt_out_rate,
  amount_raised / nullif(cost_estimate, 0) AS return_on_cost
FROM {source}.broadcasts`;

const daily = `
SELECT created_on, list, count(*) AS broadcasts, sum(delivered) AS delivered, sum(clicks) AS clicks,
  sum(replies) AS replies, sum(opt_outs) AS opt_outs, sum(donations) AS donations, sum(raised) AS raised,
  sum(cost) AS cost
FROM {source}_sms_broadcasts
GROUP BY created_on, list`;

const answers = `
SELECT r.replied_at, r.phone_number, r.reply_text, b.title AS broadcast, o.id IS NOT NULL AS has_opted_out
FROM {source}.replies r
LEFT JOIN {source}.broadcasts b ON b.id = r.broadcast_id
LEFT JOIN {source}.opt_outs o ON o.id = r.id`;

const now = 'FILTER (WHERE created_on > current_date - 30)';
const before = 'FILTER (WHERE created_on <= current_date - 30 AND created_on > current_date - 60)';

/** The last 30 days against the 30 before. */
const sums = (column: string): string =>
  `SELECT sum(${column}) ${now} AS now, sum(${column}) ${before} AS before FROM {source}_sms_daily`;

const ratios = (part: string, whole: string): string => `
SELECT sum(${part}) ${now} / nullif(sum(${whole}) ${now}, 0) AS now,
  sum(${part}) ${before} / nullif(sum(${whole}) ${before}, 0) AS before
FROM {source}_sms_daily`;

const subtitle = 'Broadcasts of the last 30 days';

const charts = [
  chart('Raised by text', 'kpi', [0, 0, 3, 2], sums('raised'), { ...dollars, subtitle }),
  chart('Messages delivered', 'kpi', [3, 0, 3, 2], sums('delivered'), { format: 'integer', subtitle }),
  chart('Raised per dollar spent', 'kpi', [6, 0, 3, 2], ratios('raised', 'cost'), { ...dollars, subtitle }),
  chart('Opt-out rate', 'kpi', [9, 0, 3, 2], ratios('opt_outs', 'delivered'), {
    format: 'percent',
    subtitle,
  }),
  chart(
    'Raised and spent by week',
    'line',
    [0, 2, 8, 4],
    `SELECT date_trunc('week', created_on)::date AS week, sum(raised) AS raised, sum(cost) AS cost
FROM {source}_sms_daily WHERE created_on > current_date - 90 GROUP BY week ORDER BY week`,
    { x: 'week', y: ['raised', 'cost'], ...dollars },
  ),
  chart(
    'Raised by list',
    'pie',
    [8, 2, 4, 4],
    `SELECT list, sum(raised) AS raised FROM {source}_sms_daily
WHERE created_on > current_date - 90 GROUP BY list ORDER BY raised DESC`,
    { x: 'list', y: ['raised'], ...dollars },
  ),
  chart(
    'Best broadcasts',
    'hbar',
    [0, 6, 6, 4],
    `SELECT title, raised FROM {source}_sms_broadcasts
WHERE created_on > current_date - 90 ORDER BY raised DESC, title LIMIT 10`,
    { x: 'title', y: ['raised'], ...dollars },
  ),
  chart(
    'Replies and opt-outs by week',
    'bar',
    [6, 6, 6, 4],
    `SELECT date_trunc('week', created_on)::date AS week, sum(replies) AS replies, sum(opt_outs) AS opt_outs
FROM {source}_sms_daily WHERE created_on > current_date - 90 GROUP BY week ORDER BY week`,
    { x: 'week', y: ['replies', 'opt_outs'], format: 'integer' },
  ),
  chart(
    'Broadcasts',
    'table',
    [0, 10, 12, 5],
    `SELECT created_at, title, status, list, delivered, clicks, replies, opt_outs, raised, cost, return_on_cost
FROM {source}_sms_broadcasts ORDER BY created_at DESC LIMIT 500`,
    { y: ['raised', 'cost'], ...dollars },
  ),
  chart(
    'Latest replies',
    'table',
    [0, 15, 12, 5],
    `SELECT replied_at, reply_text, phone_number, broadcast, has_opted_out
FROM {source}_sms_replies ORDER BY replied_at DESC LIMIT 500`,
  ),
];

export const switchboardTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'sms',
    title: 'SMS',
    description: 'What text messages bring and cost, what people answer, and how many leave.',
    streams: ['broadcasts', 'replies', 'opt_outs'],
    models: [
      {
        name: '{source}_sms_broadcasts',
        sql: broadcasts,
        guards: [{ kind: 'unique', columns: ['id'], severity: 'block' }],
        indexes: [{ columns: ['created_on'], unique: false }],
      },
      { name: '{source}_sms_daily', sql: daily, indexes: [{ columns: ['created_on'], unique: false }] },
      { name: '{source}_sms_replies', sql: answers, indexes: [{ columns: ['replied_at'], unique: false }] },
    ],
    dashboards: [{ name: 'SMS', description: 'What text messages bring, cost and drive away.', charts }],
  },
];
