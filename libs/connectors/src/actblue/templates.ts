/** What people who raise money on ActBlue look at first: what came in, from where, and whether monthly donors stay. */
import type { ConnectorTemplate } from '../kit/template';
import { templateChart as chart } from '../kit/template-chart';
import { todayTemplate } from './today-template';

const dollars = { format: 'currency', currency: 'USD' } as const;

const donations = `
SELECT c.lineitem_id, c.receipt_id, c.paid_on, c.paid_at, c.amount, c.committee, c.form,
  coalesce(c.refcode, '(none)') AS refcode, c.recurring_period, c.recurrence_number,
  c.donor_email, concat_ws(' ', c.donor_first_name, c.donor_last_name) AS donor, c.donor_state,
  r.lineitem_id IS NOT NULL AS is_refunded, r.refunded_on,
  CASE WHEN r.lineitem_id IS NULL THEN c.amount ELSE 0 END AS net_amount
FROM {source}.contributions c
LEFT JOIN {source}.refunds r ON r.lineitem_id = c.lineitem_id`;

const daily = `
SELECT paid_on, form, refcode, recurring_period, count(*) AS donations, count(DISTINCT donor_email) AS donors,
  sum(amount) AS raised, sum(amount - net_amount) AS refunded, sum(net_amount) AS net
FROM {source}_donations
GROUP BY paid_on, form, refcode, recurring_period`;

const series = `
SELECT c.receipt_id, c.committee, max(c.donor_email) AS donor_email,
  max(concat_ws(' ', c.donor_first_name, c.donor_last_name)) AS donor, max(c.refcode) AS refcode,
  min(c.paid_on) FILTER (WHERE c.recurrence_number = 1) AS started_on, max(c.paid_on) AS last_paid_on,
  max(c.recurrence_number) AS payments, max(c.amount) AS amount, max(e.cancelled_on) AS cancelled_on,
  max(e.reason) AS reason,
  CASE WHEN max(e.cancelled_on) IS NOT NULL THEN 'cancelled'
       WHEN max(c.paid_on) < current_date - 45 THEN 'lapsed' ELSE 'active' END AS status
FROM {source}.contributions c
LEFT JOIN {source}.recurring_cancellations e ON e.receipt_id = c.receipt_id AND e.committee = c.committee
WHERE c.recurring_period = 'monthly'
GROUP BY c.receipt_id, c.committee`;

const weekly = `
SELECT week, sum(begun) AS begun, sum(ended) AS ended FROM (
  SELECT date_trunc('week', started_on)::date AS week, count(*) AS begun, 0 AS ended
  FROM {source}_recurring_series WHERE started_on IS NOT NULL GROUP BY 1
  UNION ALL
  SELECT date_trunc('week', cancelled_on)::date, 0, count(*)
  FROM {source}_recurring_ends WHERE cancelled_on IS NOT NULL GROUP BY 1) both_sides
GROUP BY week`;

/** This many days against as many before. */
const against = (value: string, from: string, day: string, days = 30): string => `
SELECT ${value} FILTER (WHERE ${day} > current_date - ${days}) AS now,
  ${value} FILTER (WHERE ${day} <= current_date - ${days} AND ${day} > current_date - ${2 * days}) AS before
FROM ${from}`;

const donationCharts = [
  chart('Raised', 'kpi', [0, 0, 3, 2], against('sum(net)', '{source}_donations_daily', 'paid_on'), {
    ...dollars,
    subtitle: 'Last 30 days, refunds taken off',
  }),
  chart('Donations', 'kpi', [3, 0, 3, 2], against('sum(donations)', '{source}_donations_daily', 'paid_on'), {
    format: 'integer',
    subtitle: 'Last 30 days',
  }),
  chart('Average donation', 'kpi', [6, 0, 3, 2], against('avg(amount)', '{source}_donations', 'paid_on'), {
    ...dollars,
    subtitle: 'Last 30 days',
  }),
  chart(
    'Donors',
    'kpi',
    [9, 0, 3, 2],
    against('count(DISTINCT donor_email)', '{source}_donations', 'paid_on'),
    {
      format: 'integer',
      subtitle: 'Different people, last 30 days',
    },
  ),
  chart(
    'Raised by day',
    'area',
    [0, 2, 8, 4],
    `SELECT paid_on, sum(net) AS raised FROM {source}_donations_daily
WHERE paid_on > current_date - 90 GROUP BY paid_on ORDER BY paid_on`,
    { x: 'paid_on', y: ['raised'], ...dollars, subtitle: 'Eastern days, refunds taken off' },
  ),
  chart(
    'Once or monthly',
    'pie',
    [8, 2, 4, 4],
    `SELECT recurring_period, sum(net) AS raised FROM {source}_donations_daily
WHERE paid_on > current_date - 90 GROUP BY recurring_period ORDER BY raised DESC`,
    { x: 'recurring_period', y: ['raised'], ...dollars },
  ),
  chart(
    'Raised by form',
    'stacked',
    [0, 6, 6, 4],
    `SELECT date_trunc('week', paid_on)::date AS week, form, sum(net) AS raised FROM {source}_donations_daily
WHERE paid_on > current_date - 90 GROUP BY week, form ORDER BY week, form`,
    { x: 'week', y: ['raised'], series: 'form', ...dollars },
  ),
  chart(
    'Best refcodes',
    'hbar',
    [6, 6, 6, 4],
    `SELECT refcode, sum(net) AS raised FROM {source}_donations_daily
WHERE paid_on > current_date - 30 GROUP BY refcode ORDER BY raised DESC LIMIT 12`,
    { x: 'refcode', y: ['raised'], ...dollars, subtitle: 'Last 30 days' },
  ),
  chart(
    'Latest donations',
    'table',
    [0, 10, 12, 5],
    `SELECT paid_at, donor, amount, recurring_period, refcode, form, donor_state, is_refunded
FROM {source}_donations ORDER BY paid_at DESC LIMIT 500`,
    { y: ['amount'], ...dollars },
  ),
];

const recurringCharts = [
  chart(
    'Active monthly donations',
    'kpi',
    [0, 0, 3, 2],
    `SELECT count(*) AS active FROM {source}_recurring_series WHERE status = 'active'`,
    { format: 'integer' },
  ),
  chart(
    'A month brings',
    'kpi',
    [3, 0, 3, 2],
    `SELECT coalesce(sum(amount), 0) AS monthly FROM {source}_recurring_series WHERE status = 'active'`,
    { ...dollars, subtitle: 'Sum of active monthly donations' },
  ),
  chart('Begun', 'kpi', [6, 0, 3, 2], against('count(*)', '{source}_recurring_series', 'started_on'), {
    format: 'integer',
    subtitle: 'Last 30 days',
  }),
  chart('Cancelled', 'kpi', [9, 0, 3, 2], against('count(*)', '{source}_recurring_ends', 'cancelled_on'), {
    format: 'integer',
    subtitle: 'Last 30 days',
  }),
  chart(
    'Begun and cancelled by week',
    'line',
    [0, 2, 8, 4],
    `SELECT week, begun, ended AS cancelled FROM {source}_recurring_weekly
WHERE week > current_date - 91 ORDER BY week`,
    { x: 'week', y: ['begun', 'cancelled'], format: 'integer' },
  ),
  chart(
    'Why they ended',
    'pie',
    [8, 2, 4, 4],
    `SELECT reason, count(*) AS donations FROM {source}_recurring_ends GROUP BY reason ORDER BY donations DESC`,
    { x: 'reason', y: ['donations'], format: 'integer' },
  ),
  chart(
    'Raised monthly and once',
    'stacked',
    [0, 6, 12, 4],
    `SELECT date_trunc('week', paid_on)::date AS week, recurring_period, sum(net) AS raised
FROM {source}_donations_daily WHERE paid_on > current_date - 90 GROUP BY week, recurring_period ORDER BY week`,
    { x: 'week', y: ['raised'], series: 'recurring_period', ...dollars },
  ),
  chart(
    'Largest that ended',
    'table',
    [0, 10, 12, 5],
    `SELECT cancelled_on, donor, recurring_amount, payments_made, reason, refcode, donor_email
FROM {source}_recurring_ends ORDER BY recurring_amount DESC, cancelled_on DESC LIMIT 200`,
    { y: ['recurring_amount'], ...dollars },
  ),
];

const ends = `
SELECT receipt_id, committee, cancelled_on, concat_ws(' ', donor_first_name, donor_last_name) AS donor, donor_email,
  recurring_amount, payments_made, coalesce(reason, '(unknown)') AS reason, coalesce(refcode, '(none)') AS refcode
FROM {source}.recurring_cancellations`;

export const actBlueTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'donations',
    title: 'Donations and recurring health',
    description: 'What came in, from which forms and refcodes, and whether monthly donors stay.',
    streams: ['contributions', 'refunds', 'recurring_cancellations'],
    models: [
      {
        name: '{source}_donations',
        sql: donations,
        guards: [{ kind: 'unique', columns: ['lineitem_id'], severity: 'block' }],
        indexes: [
          { columns: ['paid_on'], unique: false },
          { columns: ['donor_email'], unique: false },
        ],
      },
      { name: '{source}_donations_daily', sql: daily, indexes: [{ columns: ['paid_on'], unique: false }] },
      {
        name: '{source}_recurring_series',
        sql: series,
        guards: [{ kind: 'unique', columns: ['receipt_id', 'committee'], severity: 'block' }],
        indexes: [{ columns: ['status'], unique: false }],
      },
      { name: '{source}_recurring_ends', sql: ends, indexes: [{ columns: ['cancelled_on'], unique: false }] },
      { name: '{source}_recurring_weekly', sql: weekly },
    ],
    dashboards: [
      {
        name: 'Donations',
        description: 'What came in on ActBlue, by day, form and refcode.',
        charts: donationCharts,
      },
      {
        name: 'Recurring health',
        description: 'How many monthly donors begin, stay and leave.',
        charts: recurringCharts,
      },
    ],
  },
  todayTemplate,
];
