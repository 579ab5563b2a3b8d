/** Creates the two logins of the services and opens to each what it needs; safe to run again at every start. */
import { createHash, createHmac } from 'node:crypto';
import type { ClientBase } from 'pg';
import { systemTables, tenantTables } from './tables';

export interface ControlRoles {
  /** Works for one organization at a time, under row-level security. */
  app: string;
  /** Works across organizations: dispatch, schedules, loading, sweeps. Owns no control-plane tables. */
  system: string;
}

export const controlRoles = (installation: string): ControlRoles => ({
  app: `f_${installation}_app`,
  system: `f_${installation}_system`,
});

/** An installation's short name, from its database's; roles are cluster-wide, so it is part of each role's name. */
export const installationOf = (databaseUrl: string): string => {
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  return createHash('sha256').update(`installation:${database}`).digest('hex').slice(0, 8);
};

/** Passwords are derived, so that no service needs to be told another secret than the master key. */
export const loginPassword = (masterKey: string, role: string): string =>
  createHmac('sha256', masterKey).update(role).digest('base64url');

/** Concurrent GRANTs on one object fail with "tuple concurrently updated", so starts take turns. */
const accessLock = 7_001_000_001;

const ensureLogin = async (admin: ClientBase, role: string, password: string): Promise<void> => {
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
  const statement = rowCount ? 'alter' : 'create';
  await admin.query(
    `${statement} role ${role} login nosuperuser nocreatedb nocreaterole password '${password}'`,
  );
};

const tenantCondition = (table: string): string =>
  `${table === 'organization' ? 'id' : 'organization_id'} = (select nullif(current_setting('app.org', true), '')::bigint)`;

const ensurePolicy = async (
  admin: ClientBase,
  table: string,
  role: string,
  condition: string,
): Promise<void> => {
  const name = `${role}_rows`;
  const { rowCount } = await admin.query(
    `select 1 from pg_policies where schemaname = 'app' and tablename = $1 and policyname = $2`,
    [table, name],
  );
  if (!rowCount)
    await admin.query(
      `create policy ${name} on app.${table} to ${role} using (${condition}) with check (${condition})`,
    );
};

/**
 * @param admin a connection that may create roles and owns schema `app`
 * @returns the names of the two logins
 */
export const grantAccess = async (
  admin: ClientBase,
  { installation, masterKey }: { installation: string; masterKey: string },
): Promise<ControlRoles> => {
  const roles = controlRoles(installation);
  await admin.query('begin');
  try {
    await admin.query('select pg_advisory_xact_lock($1)', [accessLock]);
    for (const role of [roles.app, roles.system]) {
      await ensureLogin(admin, role, loginPassword(masterKey, role));
      await admin.query(`grant connect, temporary on database ${await currentDatabase(admin)} to ${role}`);
      await admin.query(`grant usage on schema app to ${role}`);
    }
    await admin.query(`grant execute on all functions in schema app to ${roles.app}`);
    for (const table of tenantTables) {
      await admin.query(`grant select, insert, update, delete on app.${table} to ${roles.app}`);
      await ensurePolicy(admin, table, roles.app, tenantCondition(table));
    }
    for (const table of systemTables) {
      await admin.query(`grant select, insert, update, delete on app.${table} to ${roles.system}`);
      await ensurePolicy(admin, table, roles.system, 'true');
    }
    // Stored columns of the dispatch query are estimated badly enough for just-in-time compilation to cost more than it saves.
    for (const role of [roles.app, roles.system]) await admin.query(`alter role ${role} set jit = off`);
    await allowCompression(admin, roles.system);
    await admin.query('commit');
  } catch (error) {
    await admin.query('rollback');
    throw error;
  }
  return roles;
};

/**
 * Lets slices compress the whole pages that they write ahead; the server as a whole better does not, as building an index takes two to
 * three times the processor then. Only a superuser may allow it; where there is none, slices write more.
 */
const allowCompression = async (admin: ClientBase, role: string): Promise<void> => {
  const { rows } = await admin.query<{ missing: boolean }>(
    `select current_setting('is_superuser') = 'on' and not has_parameter_privilege($1, 'wal_compression', 'set') as missing`,
    [role],
  );
  if (!rows[0]?.missing) return;
  // The catalogue's row is that of all databases of the cluster, whose installations take turns, too.
  await admin.query('lock table pg_catalog.pg_parameter_acl in exclusive mode');
  await admin.query(`grant set on parameter wal_compression to ${role}`);
};

const currentDatabase = async (admin: ClientBase): Promise<string> => {
  const { rows } = await admin.query<{ name: string }>('select quote_ident(current_database()) as name');
  return rows[0]?.name ?? '';
};
