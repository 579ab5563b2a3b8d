/** What depends on what: models, their versions, refreshes and cascades. */
export const models = /* sql */ `
create table app.data_model (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  name text not null,
  sql text not null,
  -- part of the input vector: goes up with SQL, guards, indexes and policies
  definition_revision integer not null default 1,
  -- part of the input vector: goes up when somebody asks for a refresh
  forced integer not null default 0,
  auto_refresh boolean not null default true,
  updates_on text not null default 'all' check (updates_on in ('any', 'all')),
  guards jsonb not null default '[]',
  indexes jsonb not null default '[]',
  schedule jsonb,
  keep_versions integer not null default 3,
  schema_policy text not null default 'any' check (schema_policy in ('strict', 'additive', 'any')),
  allow_empty boolean not null default true,
  paused boolean not null default false,
  -- the pointer: version m_<id>_v<published_version> is what readers see; 0 before the first build
  published_version integer not null default 0,
  pinned_version integer,
  -- fence: an attempt is drawn with the lease and is also the number of the version it builds; only an attempt later
  -- than the last finished one may publish
  last_started_attempt integer not null default 0,
  last_finished_attempt integer not null default 0,
  mode text not null default 'live' check (mode in ('live', 'shadow')),
  -- input vector of the latest finished build; owed is derived from it, never stored
  built_vector jsonb,
  owed_since timestamptz,
  failures integer not null default 0,
  -- failures on failed_vector alone: they decide when it is given up, failures the backoff
  vector_failures integer not null default 0,
  failed_vector jsonb,
  failure_final boolean not null default false,
  retry_at timestamptz,
  last_error jsonb,
  lease_until timestamptz,
  lease_refresh_id bigint,
  last_refreshed_at timestamptz,
  last_duration_ms integer,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  deleted_at timestamptz
);
create unique index data_model_name on app.data_model (project_id, name) where deleted_at is null;

create table app.model_input (
  model_id bigint not null references app.data_model on delete cascade,
  organization_id bigint not null references app.organization on delete cascade,
  kind text not null check (kind in ('t', 'm')),
  input_id bigint not null,
  primary key (model_id, kind, input_id)
);
create index model_input_below on app.model_input (kind, input_id, model_id);

create table app.model_version (
  model_id bigint not null references app.data_model on delete cascade,
  version integer not null,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  state text not null check (state in ('live', 'retired', 'shadow')),
  columns jsonb not null,
  indexes jsonb not null default '[]',
  row_count bigint not null,
  bytes bigint not null,
  content_hash text not null,
  vector jsonb not null,
  refresh_id bigint not null,
  built_at timestamptz not null default clock_timestamp(),
  published_at timestamptz,
  retired_at timestamptz,
  primary key (model_id, version)
);
create unique index model_version_live on app.model_version (model_id) where state = 'live';

create table app.refresh (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  model_id bigint not null references app.data_model on delete cascade,
  status text not null default 'QUEUED'
    check (status in ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED')),
  triggered_by text not null check (triggered_by in ('user', 'schedule', 'cascade', 'api')),
  principal text,
  source_id bigint,
  cascade_id bigint,
  why text not null,
  vector jsonb,
  definition_revision integer,
  version integer,
  published boolean not null default false,
  rows_before bigint,
  rows_after bigint,
  rows_added bigint,
  rows_removed bigint,
  rows_changed bigint,
  queued_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  completed_at timestamptz,
  lease_until timestamptz,
  cancel_requested boolean not null default false,
  sql text,
  guards jsonb not null default '[]',
  error jsonb,
  correlation_id text not null
);
create index refresh_model on app.refresh (model_id, id desc);
create index refresh_organization on app.refresh (organization_id, id desc);
-- at most one refresh of a model waits and at most one runs
create unique index refresh_queued on app.refresh (model_id) where status = 'QUEUED';
create unique index refresh_running on app.refresh (model_id) where status = 'RUNNING';

create table app.cascade (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  source_id bigint,
  run_id bigint,
  why text not null,
  started_at timestamptz not null default clock_timestamp(),
  completed_at timestamptz
);
create index cascade_project on app.cascade (project_id, id desc);
create index cascade_open on app.cascade (project_id) where completed_at is null;

create table app.cascade_item (
  cascade_id bigint not null references app.cascade on delete cascade,
  model_id bigint not null references app.data_model on delete cascade,
  organization_id bigint not null references app.organization on delete cascade,
  position integer not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'running', 'published', 'unchanged', 'skipped', 'failed')),
  why text not null,
  refresh_id bigint,
  queued_at timestamptz,
  started_at timestamptz,
  published_at timestamptz,
  primary key (cascade_id, model_id)
);
create index cascade_item_open on app.cascade_item (model_id) where state in ('waiting', 'running');
`;
