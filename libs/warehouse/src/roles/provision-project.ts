/** A project's schema and the two logins that may touch it: one builds versions, one reads. */
import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';

import { buildRole, projectSchema, readRole } from '../names';
import { attempt, withGrantsLock } from './role-lock';
import { rolePassword, scramVerifier } from './role-password';
import {
  buildSettings,
  privilegedBuildSettings,
  privilegedReadSettings,
  readSettings,
} from './role-settings';

export interface ProjectOfInstallation {
  installation: string;
  projectId: string;
}

export interface ProvisionProject extends ProjectOfInstallation {
  masterKey: string;
  /** The login of Freshet's services: owns the schema and loads stream tables. */
  systemRole: string;
}

/**
 * Creates or repairs the schema `p_<id>` and its roles; doing it again changes nothing. `admin` must not be in a
 * transaction and needs to be a superuser, or to have CREATEROLE and be a member of `systemRole`.
 * The builder creates tables in the schema and reads all of it; the reader only reads, also tables yet to come. The
 * system role is a member of the builder, so that it can drop versions.
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
    await admin.query(grants(project, escapeIdentifier(rows[0]?.name ?? ''), builder, reader));
    await applySettings(admin, builder, buildSettings, privilegedBuildSettings);
    await applySettings(admin, reader, readSettings, privilegedReadSettings);
  });

const ensureLogin = async (admin: ClientBase, role: string, password: string): Promise<void> => {
  const { rowCount } = await admin.query('SELECT FROM pg_catalog.pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount ? 'ALTER' : 'CREATE';
  await admin.query(
    `${verb} ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`,
  );
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
