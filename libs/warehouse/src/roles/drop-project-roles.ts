/** Removes the logins of a project that is deleted, with the tables its builder owns and its stable views. */
import { escapeIdentifier, type ClientBase } from 'pg';

import { buildRole, readRole, viewRole, viewSchema } from '../names';
import type { ProjectOfInstallation } from './provision-project';
import { withGrantsLock } from './role-lock';

/**
 * Ends nothing that runs: close the readers first. Tables of the builder in this database go with it; the schema and
 * the stream tables stay. `admin` as for provisionProject.
 */
export const dropProjectRoles = (admin: ClientBase, project: ProjectOfInstallation): Promise<void> =>
  withGrantsLock(admin, async () => {
    await admin.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(viewSchema(project.projectId))} CASCADE`);
    for (const role of [buildRole, readRole, viewRole].map((name) =>
      name(project.installation, project.projectId),
    )) {
      const { rowCount } = await admin.query('SELECT FROM pg_catalog.pg_roles WHERE rolname = $1', [role]);
      if (!rowCount) continue;
      await admin.query(
        `DROP OWNED BY ${escapeIdentifier(role)} CASCADE; DROP ROLE ${escapeIdentifier(role)}`,
      );
    }
  });
