/**
 * Every change of what readers are shown is told in the transaction that makes it, whoever makes it: so a service may keep
 * pointers and principals in memory. Publications are kept, so that a dashboard can be shown as of an earlier moment.
 */
import { Migration } from '@mikro-orm/migrations';

const tellPointers = /* sql */ `
create function app.tell_pointers() returns trigger language plpgsql security definer set search_path = '' as $$
declare project bigint;
begin
  if tg_table_name = 'chart' then
    select d.project_id into project from app.dashboard d
    where d.id = case when tg_op = 'DELETE' then old.dashboard_id else new.dashboard_id end;
  elsif tg_table_name = 'project' then
    project := old.id;
  elsif tg_op = 'DELETE' then
    project := old.project_id;
  else
    project := new.project_id;
  end if;
  -- charts that go with their dashboard and project: those tell themselves
  if project is not null then
    perform pg_notify('freshet_pointers', to_json(project::text)::text);
  end if;
  return null;
end $$;
revoke all on function app.tell_pointers() from public;
`;

const tellPrincipals = /* sql */ `
create function app.tell_principals() returns trigger language plpgsql security definer set search_path = '' as $$
declare subject jsonb := coalesce(to_jsonb(old), to_jsonb(new));
begin
  perform pg_notify('freshet_principals', json_build_object(
    case tg_table_name when 'api_key' then 'apiKeyId' else 'userId' end,
    subject ->> case when tg_table_name in ('session', 'membership') then 'user_id' else 'id' end)::text);
  return null;
end $$;
revoke all on function app.tell_principals() from public;
`;

interface Told {
  table: string;
  /** Columns whose change is told; not given: an update is not. */
  columns?: readonly string[];
  inserts?: boolean;
  /** The function called. */
  tell?: 'tell_pointers' | 'tell_principals' | 'keep_publication';
  deletes?: boolean;
}

/** What names in people's SQL stand for, what results contain, and what dashboards ask; then who may ask. */
const told: readonly Told[] = [
  { table: 'data_source', inserts: true, columns: ['slug', 'name', 'deleted_at'] },
  { table: 'stream', inserts: true, columns: ['generation', 'revision', 'columns', 'name', 'deleted_at'] },
  { table: 'data_model', inserts: true, columns: ['name', 'published_version', 'deleted_at'] },
  { table: 'model_version', columns: ['vector', 'columns'] },
  { table: 'sync_run', inserts: true, columns: ['status'] },
  { table: 'dashboard', columns: ['deleted_at'] },
  { table: 'chart', inserts: true, columns: ['sql', 'params', 'position'] },
  { table: 'project' },
  { table: 'session', columns: ['revoked_at', 'expires_at', 'organization_id'], tell: 'tell_principals' },
  { table: 'api_key', columns: ['revoked_at', 'expires_at', 'role', 'name'], tell: 'tell_principals' },
  { table: 'membership', inserts: true, columns: ['role'], tell: 'tell_principals' },
  { table: 'app_user', columns: ['email', 'name', 'operator'], tell: 'tell_principals' },
  { table: 'data_model', columns: ['published_version'], tell: 'keep_publication', deletes: false },
];

const differs = (columns: readonly string[]): string =>
  columns.map((column) => `old.${column} is distinct from new.${column}`).join(' or ');

const triggersOf = ({ table, columns, inserts, tell = 'tell_pointers', deletes = true }: Told): string[] => {
  const events = [...(inserts ? ['insert'] : []), ...(deletes ? ['delete'] : [])];
  return [
    ...(events.length
      ? [
          `create trigger ${tell} after ${events.join(' or ')} on app.${table} for each row execute function app.${tell}()`,
        ]
      : []),
    // Written is not changed: only another value is told.
    ...(columns
      ? [
          `create trigger ${tell}_changed after update on app.${table} for each row when (${differs(columns)}) execute function app.${tell}()`,
        ]
      : []),
  ];
};

/** Which version readers saw from when on, however the pointer came to move. */
const publications = /* sql */ `
create table app.model_publication (
  id bigint generated always as identity primary key,
  model_id bigint not null references app.data_model on delete cascade,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  version integer not null,
  at timestamptz not null default clock_timestamp()
);
create index model_publication_at on app.model_publication (model_id, at desc, id desc);
alter table app.model_publication enable row level security;
insert into app.model_publication (model_id, organization_id, project_id, version, at)
select model_id, organization_id, project_id, version, coalesce(published_at, built_at)
from app.model_version where state in ('live', 'retired') order by model_id, version;

create function app.keep_publication() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into app.model_publication (model_id, organization_id, project_id, version)
  values (new.id, new.organization_id, new.project_id, new.published_version);
  return null;
end $$;
revoke all on function app.keep_publication() from public;
`;

/** A session that is remembered has to end at its time, without being asked for again. */
const findWithExpiry = (expiry: boolean): string => /* sql */ `
drop function app.find_session(bytea), app.find_api_key(bytea);
create function app.find_session(hash bytea)
returns table (session_id bigint, user_id bigint, email text, name text, operator boolean, organization_id bigint, role text${expiry ? ', expires_at timestamptz' : ''})
language sql stable security definer set search_path = '' as $$
  select s.id, u.id, u.email, u.name, u.operator, m.organization_id, m.role${expiry ? ', s.expires_at' : ''}
  from app.session s
  join app.app_user u on u.id = s.user_id
  left join app.membership m on m.user_id = u.id and m.organization_id = s.organization_id
  where s.token_hash = hash and s.revoked_at is null and s.expires_at > now()
$$;
create function app.find_api_key(hash bytea)
returns table (api_key_id bigint, name text, organization_id bigint, role text${expiry ? ', expires_at timestamptz' : ''})
language sql stable security definer set search_path = '' as $$
  select k.id, k.name, k.organization_id, k.role${expiry ? ', k.expires_at' : ''}
  from app.api_key k
  where k.key_hash = hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
$$;
revoke all on function app.find_session(bytea) from public;
revoke all on function app.find_api_key(bytea) from public;
`;

export class ToldChanges extends Migration {
  override up(): void {
    for (const part of [tellPointers, tellPrincipals, publications, findWithExpiry(true)]) this.addSql(part);
    for (const trigger of told.flatMap(triggersOf)) this.addSql(trigger);
  }

  override down(): void {
    this.addSql('drop function app.tell_pointers(), app.tell_principals(), app.keep_publication() cascade');
    this.addSql('drop table app.model_publication');
    this.addSql(findWithExpiry(false));
  }
}
