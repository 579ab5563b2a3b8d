/** Who may enter: organizations, projects, people and keys. */
export const identity = /* sql */ `
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
