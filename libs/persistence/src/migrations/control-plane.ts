/** The control plane: who may enter, what is connected, what depends on what, and everything that ever ran. */
import { Migration } from '@mikro-orm/migrations';
import { tenantTables } from '../access/tables';

const identity = /* sql */ `
create table app.organization (
  id bigint generated always as identity primary key,
  name text not null,
  slug text not null unique,
  created_at timestamptz not null default now()
);

create table app.project (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  name text not null,
  slug text not null,
  -- place of the latest event in this project's order; taken as the last statement of a transaction
  seq bigint not null default 0,
  created_at timestamptz not null default now(),
  unique (organization_id, slug)
);

create table app.app_user (
  id bigint generated always as identity primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  operator boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index app_user_email on app.app_user (lower(email));

create table app.membership (
  organization_id bigint not null references app.organization on delete cascade,
  user_id bigint not null references app.app_user on delete cascade,
  role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id)
);
create index membership_by_user on app.membership (user_id);

create table app.session (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  user_id bigint not null references app.app_user on delete cascade,
  organization_id bigint references app.organization on delete cascade,
  user_agent text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_by_user on app.session (user_id);

create table app.api_key (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  name text not null,
  -- the first characters, to recognise it by; the key itself is never stored
  prefix text not null,
  key_hash bytea not null unique,
  role text not null default 'editor' check (role in ('owner', 'admin', 'editor', 'viewer')),
  created_by bigint references app.app_user on delete set null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_key_organization on app.api_key (organization_id);
`;

const sources = /* sql */ `
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

const models = /* sql */ `
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

const dashboards = /* sql */ `
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

/**
 * Before a caller is known there is no organization to look from, so signing in goes through these functions: each
 * answers one question about one secret, and the application's login has no other way to users, sessions and keys.
 */
const authentication = /* sql */ `
create function app.find_session(hash bytea)
returns table (session_id bigint, user_id bigint, email text, name text, operator boolean, organization_id bigint, role text)
language sql stable security definer set search_path = '' as $$
  select s.id, u.id, u.email, u.name, u.operator, m.organization_id, m.role
  from app.session s
  join app.app_user u on u.id = s.user_id
  left join app.membership m on m.user_id = u.id and m.organization_id = s.organization_id
  where s.token_hash = hash and s.revoked_at is null and s.expires_at > now()
$$;

create function app.find_api_key(hash bytea)
returns table (api_key_id bigint, name text, organization_id bigint, role text)
language sql stable security definer set search_path = '' as $$
  select k.id, k.name, k.organization_id, k.role
  from app.api_key k
  where k.key_hash = hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
$$;

create function app.find_user_for_sign_in(address text)
returns table (user_id bigint, password_hash text, operator boolean, organization_id bigint)
language sql stable security definer set search_path = '' as $$
  select u.id, u.password_hash, u.operator,
    (select m.organization_id from app.membership m where m.user_id = u.id order by m.created_at, m.organization_id limit 1)
  from app.app_user u where lower(u.email) = lower(address)
$$;

create function app.create_session(hash bytea, of_user bigint, in_organization bigint, agent text, until timestamptz)
returns bigint language sql security definer set search_path = '' as $$
  insert into app.session (token_hash, user_id, organization_id, user_agent, expires_at)
  values (hash, of_user, in_organization, left(agent, 300), until) returning id
$$;

create function app.revoke_session(hash bytea)
returns void language sql security definer set search_path = '' as $$
  update app.session set revoked_at = now() where token_hash = hash and revoked_at is null
$$;

create function app.touch_api_key(key_id bigint)
returns void language sql security definer set search_path = '' as $$
  update app.api_key set last_used_at = now()
  where id = key_id and (last_used_at is null or last_used_at < now() - interval '1 minute')
$$;

create function app.needs_set_up()
returns boolean language sql stable security definer set search_path = '' as $$
  select not exists (select 1 from app.app_user)
$$;

-- the lock makes a second first visitor wait and then find the house taken
create function app.set_up(organization_name text, organization_slug text, address text, user_name text, hash text)
returns table (organization_id bigint, user_id bigint)
language plpgsql security definer set search_path = '' as $$
declare new_organization bigint; new_user bigint;
begin
  lock table app.app_user in share row exclusive mode;
  if exists (select 1 from app.app_user) then return; end if;
  insert into app.organization (name, slug) values (organization_name, organization_slug) returning id into new_organization;
  insert into app.app_user (email, name, password_hash) values (address, user_name, hash) returning id into new_user;
  insert into app.membership (organization_id, user_id, role) values (new_organization, new_user, 'owner');
  return query select new_organization, new_user;
end $$;
`;

const rowLevelSecurity = tenantTables
  .map((table) => `alter table app.${table} enable row level security;`)
  .concat(
    'alter table app.app_user enable row level security;',
    'alter table app.session enable row level security;',
  )
  .join('\n');

const functions = [
  'find_session(bytea)',
  'find_api_key(bytea)',
  'find_user_for_sign_in(text)',
  'create_session(bytea, bigint, bigint, text, timestamptz)',
  'revoke_session(bytea)',
  'touch_api_key(bigint)',
  'needs_set_up()',
  'set_up(text, text, text, text, text)',
];
const closeFunctions = functions.map((each) => `revoke all on function app.${each} from public;`).join('\n');

export class CreateControlPlane extends Migration {
  override up(): void {
    this.addSql('create schema if not exists app');
    for (const part of [
      identity,
      sources,
      models,
      dashboards,
      authentication,
      rowLevelSecurity,
      closeFunctions,
    ]) {
      this.addSql(part);
    }
  }

  override down(): void {
    for (const each of functions) this.addSql(`drop function app.${each}`);
    const tables = [...tenantTables, 'session', 'app_user'].map((table) => `app.${table}`);
    this.addSql(`drop table ${tables.join(', ')} cascade`);
  }
}
