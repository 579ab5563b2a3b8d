/** What syncing from vendors' APIs needs: shared credentials, consents under way, accounts, passes, warnings and archived answers. */
import { Migration } from '@mikro-orm/migrations';

const up = /* sql */ `
-- credentials that several sources may share
create table app.connection (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  -- 'google', 'meta', or the type of connector whose keys these are
  provider text not null,
  name text not null,
  -- whose consent it is, as the provider calls them
  account text,
  secrets bytea,
  scopes text[] not null default '{}',
  status text not null default 'active' check (status in ('active', 'needs_reconnect')),
  status_reason text,
  revision integer not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index connection_organization on app.connection (organization_id, id) where deleted_at is null;

-- one person's way to a provider and back; the state is known to their browser and, hashed, here
create table app.oauth_attempt (
  state_hash bytea primary key,
  organization_id bigint not null references app.organization on delete cascade,
  principal text not null,
  -- of the session that began: another one may not end it
  session_id bigint,
  provider text not null,
  scopes text[] not null,
  verifier bytea not null,
  return_to text not null,
  connection_id bigint references app.connection on delete cascade,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index oauth_attempt_age on app.oauth_attempt (expires_at);

alter table app.data_source
  add column connection_id bigint references app.connection,
  -- streams that the connector has and the source had not: add them, ask a person, or leave them out
  add column new_streams text not null default 'add' check (new_streams in ('add', 'ask', 'ignore')),
  add column archives boolean not null default false,
  -- days read at first; null: the default
  add column first_window_days integer check (first_window_days between 1 and 3660),
  -- name, time zone and currency, as of the last run
  add column account jsonb;
create index data_source_connection on app.data_source (connection_id) where connection_id is not null;

alter table app.stream
  add column description text not null default '',
  add column provisional_days integer not null default 0,
  add column time_zone text,
  add column currency text,
  -- lower ones are read first
  add column priority integer not null default 0,
  -- the connector has it, and a person has not decided yet
  add column noticed boolean not null default false,
  add column warnings jsonb not null default '[]';

alter table app.sync_run_stream
  -- how far a run is that reads days of its own choice
  add column state jsonb,
  -- rows the source sent: what the silent-failure guard compares
  add column received bigint not null default 0,
  add column slices integer not null default 0,
  add column held_why text,
  add column warnings jsonb not null default '[]';

-- since when it waits for quota without having got anything in between
alter table app.sync_run add column waiting_since timestamptz;

-- answers as they came, so that they can be normalised again without asking the vendor
create table app.raw_page (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  source_id bigint not null references app.data_source on delete cascade,
  stream_id bigint not null references app.stream on delete cascade,
  run_id bigint not null references app.sync_run on delete cascade,
  slice jsonb not null,
  -- place in its slice, from 0
  number integer not null,
  body bytea not null,
  fetched_at timestamptz not null default clock_timestamp()
);
alter table app.raw_page alter column body set storage external;
create index raw_page_stream on app.raw_page (stream_id, id);
create index raw_page_age on app.raw_page (fetched_at);

-- what vendors sent by themselves, until a run has loaded it
create table app.hook_delivery (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  source_id bigint not null references app.data_source on delete cascade,
  stream text not null,
  columns jsonb not null,
  rows jsonb not null,
  received_at timestamptz not null default clock_timestamp()
);
create index hook_delivery_source on app.hook_delivery (source_id, id);

-- results say what may still be restated: they are remembered, so a change of it is told
create trigger tell_pointers_restated after update on app.stream for each row
  when (old.provisional_days is distinct from new.provisional_days or old.time_zone is distinct from new.time_zone
    or old.warnings is distinct from new.warnings)
  execute function app.tell_pointers();

alter table app.hook_delivery enable row level security;
alter table app.connection enable row level security;
alter table app.oauth_attempt enable row level security;
alter table app.raw_page enable row level security;
`;

const down = /* sql */ `
drop trigger tell_pointers_restated on app.stream;
drop table app.hook_delivery, app.raw_page;
alter table app.sync_run_stream
  drop column state, drop column received, drop column slices, drop column held_why, drop column warnings;
alter table app.sync_run drop column waiting_since;
alter table app.stream
  drop column description, drop column provisional_days, drop column time_zone, drop column currency,
  drop column priority, drop column noticed, drop column warnings;
alter table app.data_source
  drop column connection_id, drop column new_streams, drop column archives, drop column first_window_days, drop column account;
drop table app.oauth_attempt, app.connection;
`;

export class Connectors extends Migration {
  override up(): void {
    this.addSql(up);
  }

  override down(): void {
    this.addSql(down);
  }
}
