/** Queries that are looked at, and the events that tell of changes. */
export const dashboards = /* sql */ `
create table app.dashboard (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  name text not null,
  slug text not null,
  description text,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index dashboard_slug on app.dashboard (project_id, slug) where deleted_at is null;

create table app.chart (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  dashboard_id bigint not null references app.dashboard on delete cascade,
  title text not null,
  type text not null,
  sql text not null,
  params jsonb not null default '[]',
  options jsonb not null default '{}',
  layout jsonb not null,
  position integer not null
);
create index chart_dashboard on app.chart (dashboard_id, position);

create table app.chart_input (
  chart_id bigint not null references app.chart on delete cascade,
  organization_id bigint not null references app.organization on delete cascade,
  kind text not null check (kind in ('t', 'm')),
  input_id bigint not null,
  primary key (chart_id, kind, input_id)
);
create index chart_input_below on app.chart_input (kind, input_id, chart_id);

create table app.event (
  project_id bigint not null references app.project on delete cascade,
  seq bigint not null,
  organization_id bigint not null references app.organization on delete cascade,
  name text not null,
  payload jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (project_id, seq)
);
create index event_age on app.event (at);
`;
