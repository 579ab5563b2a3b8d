/** What people who sell franchises look at first: leads, the pipeline, the hot list, notes, and what is on the calendar. */
import type { ConnectorTemplate } from '../kit/template';
import { templateChart as chart } from '../kit/template-chart';

const dollars = { format: 'currency', currency: 'USD' } as const;

const leads = `
SELECT client_id, name, coalesce(source, '(unknown)') AS source, coalesce(status, '(none)') AS status, qualified,
  deal_size, city, state, owner, email, phone, created_at, coalesce(modified_at, created_at) AS modified_at
FROM {source}.leads`;

const pipeline = `
SELECT o.opportunity_id, o.client_id, o.candidate, o.market, o.units, coalesce(o.stage, '(none)') AS stage,
  coalesce(o.value, 0) AS value, coalesce(o.weighted_iff, 0) AS weighted_iff, o.likely_percent, l.owner, l.source,
  o.created_at, o.modified_at, coalesce(o.stage, '') NOT IN ('Lost', 'Not Qualified', 'Awarded') AS is_open
FROM {source}.opportunities o
LEFT JOIN {source}.leads l ON l.client_id = o.client_id`;

const notes = `
SELECT n.note_id, n.note_date, n.author, n.content, n.contact_id, l.name AS contact
FROM {source}.notes n
LEFT JOIN {source}.leads l ON l.client_id = n.contact_id`;

const schedule = `
SELECT activity_id, scheduled_at, activity_type, contact_name, description, status
FROM {source}.activities
WHERE scheduled_at IS NOT NULL`;

const leadCharts = [
  chart('Leads', 'kpi', [0, 0, 4, 2], 'SELECT count(*) AS leads FROM {source}_leads', { format: 'integer' }),
  chart(
    'Qualified leads',
    'kpi',
    [4, 0, 4, 2],
    'SELECT count(*) FILTER (WHERE qualified) AS qualified FROM {source}_leads',
    { format: 'integer' },
  ),
  chart('Sources', 'kpi', [8, 0, 4, 2], 'SELECT count(DISTINCT source) AS sources FROM {source}_leads', {
    format: 'integer',
  }),
  chart(
    'Leads by source',
    'bar',
    [0, 2, 7, 4],
    `SELECT source, count(*) AS leads, count(*) FILTER (WHERE qualified) AS qualified FROM {source}_leads
GROUP BY source ORDER BY leads DESC, source LIMIT 15`,
    { x: 'source', y: ['leads', 'qualified'], format: 'integer' },
  ),
  chart(
    'Leads by status',
    'pie',
    [7, 2, 5, 4],
    'SELECT status, count(*) AS leads FROM {source}_leads GROUP BY status ORDER BY leads DESC, status',
    { x: 'status', y: ['leads'], format: 'integer' },
  ),
  chart(
    'New leads by week',
    'line',
    [0, 6, 12, 3],
    `SELECT date_trunc('week', created_at)::date AS week, count(*) AS leads FROM {source}_leads
WHERE created_at > now() - interval '180 days' GROUP BY week ORDER BY week`,
    { x: 'week', y: ['leads'], format: 'integer' },
  ),
  chart(
    'Newest leads',
    'table',
    [0, 9, 12, 5],
    `SELECT created_at, name, source, status, qualified, deal_size, city, state, owner
FROM {source}_leads ORDER BY created_at DESC LIMIT 500`,
    { y: ['deal_size'], ...dollars },
  ),
];

const pipelineCharts = [
  chart(
    'Pipeline value',
    'kpi',
    [0, 0, 4, 2],
    'SELECT coalesce(sum(value), 0) AS value FROM {source}_pipeline WHERE is_open',
    {
      ...dollars,
      subtitle: 'Open opportunities',
    },
  ),
  chart(
    'Stages',
    'kpi',
    [4, 0, 4, 2],
    'SELECT count(DISTINCT stage) AS stages FROM {source}_pipeline WHERE is_open',
    {
      format: 'integer',
      subtitle: 'With open opportunities in them',
    },
  ),
  chart(
    'Average deal',
    'kpi',
    [8, 0, 4, 2],
    'SELECT coalesce(avg(value), 0) AS average FROM {source}_pipeline WHERE is_open',
    {
      ...dollars,
      subtitle: 'Open opportunities',
    },
  ),
  chart(
    'Value by stage',
    'hbar',
    [0, 2, 12, 5],
    'SELECT stage, sum(value) AS value FROM {source}_pipeline GROUP BY stage ORDER BY value DESC, stage',
    { x: 'stage', y: ['value'], ...dollars },
  ),
  chart(
    'Opportunities',
    'table',
    [0, 7, 12, 5],
    `SELECT candidate, market, stage, value, units, owner, source, modified_at
FROM {source}_pipeline ORDER BY value DESC, candidate LIMIT 500`,
    { y: ['value'], ...dollars },
  ),
];

const hotListCharts = [
  chart(
    'Weighted IFF',
    'kpi',
    [0, 0, 6, 2],
    'SELECT coalesce(sum(weighted_iff), 0) AS weighted_iff FROM {source}_pipeline WHERE is_open',
    { ...dollars, subtitle: 'Initial franchise fees, by how likely they are' },
  ),
  chart(
    'Candidates',
    'kpi',
    [6, 0, 6, 2],
    'SELECT count(*) AS candidates FROM {source}_pipeline WHERE is_open AND weighted_iff > 0',
    { format: 'integer' },
  ),
  chart(
    'Hot list',
    'table',
    [0, 2, 12, 8],
    `SELECT candidate, market, units, weighted_iff, stage, likely_percent
FROM {source}_pipeline WHERE is_open AND weighted_iff > 0 ORDER BY weighted_iff DESC, candidate LIMIT 500`,
    { y: ['weighted_iff'], ...dollars },
  ),
];

const noteCharts = [
  chart(
    'Notes',
    'table',
    [0, 0, 12, 10],
    'SELECT note_date, author, contact, content FROM {source}_notes ORDER BY note_date DESC, note_id LIMIT 5000',
    { subtitle: 'Newest first; search looks in author and content' },
  ),
];

const scheduleCharts = [
  chart(
    'Schedule',
    'table',
    [0, 0, 12, 10],
    `SELECT scheduled_at, activity_type, contact_name, description, status
FROM {source}_schedule WHERE scheduled_at > now() ORDER BY scheduled_at, activity_id LIMIT 1000`,
    { subtitle: 'What is still to come' },
  ),
];

export const clientTetherTemplates: readonly ConnectorTemplate[] = [
  {
    name: 'crm',
    title: 'CRM',
    description: 'Leads, pipeline, hot list, notes and schedule of a franchise sales team.',
    streams: ['leads', 'opportunities', 'notes', 'activities'],
    models: [
      {
        name: '{source}_leads',
        sql: leads,
        guards: [
          { kind: 'unique', columns: ['client_id'], severity: 'block' },
          { kind: 'not_empty', severity: 'warn' },
        ],
        indexes: [
          { columns: ['created_at'], unique: false },
          { columns: ['source'], unique: false },
        ],
      },
      {
        name: '{source}_pipeline',
        sql: pipeline,
        guards: [{ kind: 'unique', columns: ['opportunity_id'], severity: 'block' }],
        indexes: [{ columns: ['weighted_iff'], unique: false }],
      },
      {
        name: '{source}_notes',
        sql: notes,
        guards: [{ kind: 'unique', columns: ['note_id'], severity: 'block' }],
        indexes: [{ columns: ['note_date'], unique: false }],
      },
      {
        name: '{source}_schedule',
        sql: schedule,
        guards: [{ kind: 'unique', columns: ['activity_id'], severity: 'block' }],
        indexes: [{ columns: ['scheduled_at'], unique: false }],
      },
    ],
    dashboards: [
      { name: 'Leads', description: 'Where leads come from and where they are.', charts: leadCharts },
      {
        name: 'Pipeline',
        description: 'What open opportunities are worth, stage by stage.',
        charts: pipelineCharts,
      },
      { name: 'Hot List', description: 'The candidates most worth a call.', charts: hotListCharts },
      { name: 'Notes', description: 'What was written about whom.', charts: noteCharts },
      { name: 'Schedule', description: 'Appointments still to come.', charts: scheduleCharts },
    ],
  },
];
