/** Connections under a project's build login, the only one that may create tables in the project's schema. */
import pg from 'pg';
import { buildRole } from '../names';
import { rolePassword } from '../roles/role-password';

export interface BuilderOptions {
  connection: { host: string; port: number; database: string };
  installation: string;
  masterKey: string;
}

export interface Builders {
  /** A connection for one build; the caller ends it. Rejects when the project's roles are not there (`provisionProject`). */
  connect(projectId: string): Promise<pg.Client>;
}

/** Slots bound how many builds run at once, so each may take a good part of the memory. JIT costs more than it saves below minutes. */
const settings = `SET work_mem = '128MB'; SET maintenance_work_mem = '256MB'; SET jit = off`;

export const createBuilders = ({ connection, installation, masterKey }: BuilderOptions): Builders => ({
  async connect(projectId) {
    const user = buildRole(installation, projectId);
    const client = new pg.Client({
      ...connection,
      user,
      password: rolePassword(masterKey, user),
      keepAlive: true,
      application_name: 'freshet build',
    });
    // A connection that breaks while nothing runs must not end the process; the next query on it says so.
    client.on('error', () => undefined);
    await client.connect();
    await client.query(settings);
    return client;
  },
});
