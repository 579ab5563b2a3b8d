/** A project's schema and the two logins that may touch it: one builds versions, one reads. */
import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';

import { buildRole, projectSchema, readRole, viewRole, viewSchema } from '../names';
import { attempt, withGrantsLock } from './role-lock';
import { rolePassword, scramVerifier } from './role-password';
import {
  buildSettings,
  limitedPrivilegedSettings,
  limitedSettings,
  privilegedBuildSettings,
  privilegedReadSettings,
  readSettings,
  type RoleLimits,
} from './role-settings';

export interface ProjectOfInstallation {
  installation: string;
  projectId: string;
}

export interface ProvisionProject extends ProjectOfInstallation {
  masterKey: string;
  /** The login of Freshet's services: owns the schema and loads stream tables. */
  systemRole: string;
  /** Of this project alone. They hold for connections opened from now on; builders' are opened anew within ten minutes. */
  limits?: ProjectLimits;
}

export interface ProjectLimits {
  /** Of the login that builds versions. */
  build?: RoleLimits;
  /** Of the login that runs people's queries. */
  read?: RoleLimits;
}

/**
 * Creates or repairs the schema `p_<id>` and its roles; doing it again changes nothing. `admin` must not be in a
 * transaction and needs to be a superuser, or to have CREATEROLE and be a member of `systemRole`.
 * The builder creates tables in the schema and reads all of it; the reader only reads, also tables yet to come. The
 * system role is a member of the builder, so that it can drop versions. Stable views are in a schema of their own, which
 * members of a group without login may read.
 */
export const provisionProject = (admin: ClientBase, project: ProvisionProject): Promise<void> =>
  withGrantsLock(admin, async () => {
    const builder = buildRole(project.installation, project.projectId);
    const reader = readRole(project.installation, project.projectId);
    const { rows } = await admin.query<{ name: string; superuser: boolean }>(
      `SELECT current_database() AS name, rolsuper AS superuser FROM pg_catalog.pg_roles WHERE rolname = current_user`,
    );
    const superuser = rows[0]?.superuser ?? false;
    for (const role of [builder, reader]) {
      await ensureLogin(admin, role, rolePassword(project.masterKey, role));
      // Only members may set a role's default privileges.
      if (!superuser)
        await admin.query(`GRANT ${escapeIdentifier(role)} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE`);
    }
    const viewers = viewRole(project.installation, project.projectId);
    await ensureGroup(admin, viewers);
    await admin.query(grants(project, escapeIdentifier(rows[0]?.name ?? ''), builder, reader));
    await admin.query(viewGrants(project, escapeIdentifier(rows[0]?.name ?? ''), viewers));
    const { build = {}, read = {} } = project.limits ?? {};
    await applySettings(
      admin,
      builder,
      { ...buildSettings, ...limitedSettings(build) },
      { ...privilegedBuildSettings, ...limitedPrivilegedSettings(build) },
    );
    await applySettings(
      admin,
      reader,
      { ...readSettings, ...limitedSettings(read) },
      { ...privilegedReadSettings, ...limitedPrivilegedSettings(read) },
    );
  });

export interface ExistingProjects extends Omit<ProvisionProject, 'projectId' | 'limits'> {
  limitsOf?: (projectId: string) => ProjectLimits | undefined;
}

/** Provisions every project of the installation again, so that each has what this release gives; answers their ids. */
export const provisionExistingProjects = async (
  admin: ClientBase,
  { limitsOf, ...installation }: ExistingProjects,
): Promise<string[]> => {
  const { rows } = await admin.query<{ id: string }>(
    `SELECT substr(nspname, 3) AS id FROM pg_catalog.pg_namespace WHERE nspname ~ '^p_[0-9]+$' ORDER BY oid`,
  );
  const { rows: roles } = await admin.query<{ name: string }>(
    'SELECT rolname AS name FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)',
    [rows.map(({ id }) => buildRole(installation.installation, id))],
  );
  const known = new Set(roles.map(({ name }) => name));
  const ids = rows.map(({ id }) => id).filter((id) => known.has(buildRole(installation.installation, id)));
  for (const projectId of ids) {
    const limits = limitsOf?.(projectId);
    await provisionProject(admin, { ...installation, projectId, ...(limits && { limits }) });
  }
  return ids;
};

const ensureLogin = async (admin: ClientBase, role: string, password: string): Promise<void> => {
  const { rowCount } = await admin.query('SELECT FROM pg_catalog.pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await admin.query(
    `${verb} ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`,
  );
};

const ensureGroup = async (admin: ClientBase, role: string): Promise<void> => {
  const { rowCount } = await admin.query('SELECT FROM pg_catalog.pg_roles WHERE rolname = $1', [role]);
  if (!rowCount) await admin.query(`CREATE ROLE ${escapeIdentifier(role)} NOLOGIN`);
};

const viewGrants = (project: ProvisionProject, database: string, group: string): string => {
  const schema = escapeIdentifier(viewSchema(project.projectId));
  const [system, viewers] = [project.systemRole, group].map(escapeIdentifier);
  return `
    CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${system};
    GRANT CONNECT ON DATABASE ${database} TO ${viewers};
    GRANT USAGE ON SCHEMA ${schema} TO ${viewers};
    GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${viewers};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${system} IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${viewers};`;
};

const grants = (
  project: ProvisionProject,
  database: string,
  builderName: string,
  readerName: string,
): string => {
  const schema = escapeIdentifier(projectSchema(project.projectId));
  const [system, builder, reader] = [project.systemRole, builderName, readerName].map(escapeIdentifier);
  return `
    CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${system};
    GRANT CONNECT ON DATABASE ${database} TO ${builder}, ${reader};
    GRANT USAGE ON SCHEMA ${schema} TO ${builder}, ${reader};
    GRANT CREATE ON SCHEMA ${schema} TO ${builder};
    GRANT ${builder} TO ${system} WITH INHERIT TRUE;
    GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${builder}, ${reader};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${system} IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${builder}, ${reader};
    ALTER DEFAULT PRIVILEGES FOR ROLE ${builder} IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${reader};`;
};

const applySettings = async (
  admin: ClientBase,
  role: string,
  settings: Record<string, string>,
  privileged: Record<string, string>,
): Promise<void> => {
  const set = (name: string, value: string): string =>
    `ALTER ROLE ${escapeIdentifier(role)} SET ${name} = ${escapeLiteral(value)}`;
  for (const [name, value] of Object.entries(settings)) await admin.query(set(name, value));
  // Only a superuser may set these; what a server forbids is told by hardenDatabase.
  for (const [name, value] of Object.entries(privileged)) await attempt(admin, set(name, value));
};
