/**
 * Before a caller is known there is no organization to look from, so signing in goes through these functions: each
 * answers one question about one secret, and the application's login has no other way to users, sessions and keys.
 */
export const authentication = /* sql */ `
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

/** Their signatures: each is closed to everybody but the application's login. */
export const authenticationFunctions = [
  'find_session(bytea)',
  'find_api_key(bytea)',
  'find_user_for_sign_in(text)',
  'create_session(bytea, bigint, bigint, text, timestamptz)',
  'revoke_session(bytea)',
  'touch_api_key(bigint)',
  'needs_set_up()',
  'set_up(text, text, text, text, text)',
];
