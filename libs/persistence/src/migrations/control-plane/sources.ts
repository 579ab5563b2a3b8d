/** What is connected, its tables, and each time it was synced. */
export const sources = /* sql */ `
create table app.data_source (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  type text not null,
  name text not null,
  slug text not null,
  config jsonb not null default '{}',
  credentials bytea,
  schedule jsonb not null default '{"kind": "manual", "timeZone": "UTC", "paused": false}',
  next_run_at timestamptz,
  -- "syncing" is a lease: a killed run holds nobody up for longer than this
  syncing_until timestamptz,
  last_sync_at timestamptz,
  last_error jsonb,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index data_source_slug on app.data_source (project_id, slug) where deleted_at is null;
create index data_source_due on app.data_source (next_run_at) where deleted_at is null and next_run_at is not null;

create table app.stream (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  source_id bigint not null references app.data_source on delete cascade,
  name text not null,
  enabled boolean not null default true,
  mode text not null check (mode in ('append', 'upsert', 'replace-window', 'replace-all')),
  key text[] not null default '{}',
  cursor_column text,
  lookback_days integer not null default 0,
  columns jsonb not null default '[]',
  -- the pointer: table s_<hash>_v<generation>; 0 while it was never loaded
  generation integer not null default 0,
  revision bigint not null default 0,
  checkpoint jsonb,
  row_count bigint not null default 0,
  bytes bigint not null default 0,
  held boolean not null default false,
  changed_at timestamptz,
  deleted_at timestamptz,
  unique (source_id, name)
);
create index stream_project on app.stream (project_id);

-- earlier generations of stream tables, kept a while for those who still read them
create table app.retired_table (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  table_name text not null,
  retired_at timestamptz not null default now()
);

create table app.sync_run (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  source_id bigint not null references app.data_source on delete cascade,
  status text not null default 'queued'
    check (status in ('queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'skipped')),
  held boolean not null default false,
  trigger text not null check (trigger in ('user', 'schedule', 'webhook', 'api', 'smart')),
  principal text,
  why text not null,
  request jsonb not null default '{}',
  progress double precision,
  rows_read bigint not null default 0,
  current_stream text,
  attempt integer not null default 0,
  queued_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  completed_at timestamptz,
  waiting_until timestamptz,
  lease_until timestamptz,
  cancel_requested boolean not null default false,
  inserted bigint not null default 0,
  updated bigint not null default 0,
  unchanged bigint not null default 0,
  deleted bigint not null default 0,
  rejected bigint not null default 0,
  error jsonb,
  cascade_id bigint,
  correlation_id text not null
);
create index sync_run_source on app.sync_run (source_id, id desc);
-- one run per source at a time (SY10), whatever the processes believe
create unique index sync_run_active on app.sync_run (source_id) where status in ('running', 'waiting');
create index sync_run_open on app.sync_run (status, lease_until) where status in ('queued', 'running', 'waiting');

create table app.sync_run_stream (
  run_id bigint not null references app.sync_run on delete cascade,
  stream_id bigint not null references app.stream on delete cascade,
  organization_id bigint not null references app.organization on delete cascade,
  status text not null,
  from_revision bigint not null,
  to_revision bigint not null,
  inserted bigint not null default 0,
  updated bigint not null default 0,
  unchanged bigint not null default 0,
  deleted bigint not null default 0,
  rejected bigint not null default 0,
  completed_at timestamptz,
  primary key (run_id, stream_id)
);
create index sync_run_stream_revision on app.sync_run_stream (stream_id, to_revision, run_id);

create table app.sync_reject (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  run_id bigint not null references app.sync_run on delete cascade,
  stream_id bigint not null references app.stream on delete cascade,
  row_number bigint not null,
  reason text not null,
  raw text not null
);
create index sync_reject_run on app.sync_reject (run_id, id);
`;
