/** A real PostgreSQL database for each spec file. */
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';

import { clusterUrl, databasePrefix, withClient } from './cluster';
import { databaseUrl, ensureTemplate, type DatabaseTemplate } from './template';

export interface TestPostgres {
  /** A superuser's connection URL of this spec file's database. */
  readonly url: string;
  /** The database's name, unique on the server. */
  readonly name: string;
  /** A superuser's pool on this database; ended after the last test. */
  readonly pool: Pool;
}

/**
 * Call at the top of a spec file or `describe`. Creates a database before the first test, as a clone of the template
 * when one is given, and drops it after the last. The answer's members may be read from `beforeAll` on. Roles are
 * shared by the whole cluster: give them names with `name` in them.
 */
export function usePostgres({ template }: { template?: DatabaseTemplate } = {}): TestPostgres {
  let current: TestPostgres | undefined;

  beforeAll(async () => {
    const cluster = await clusterUrl();
    const name = databasePrefix() + randomBytes(6).toString('hex');
    const source = template ? await ensureTemplate(cluster, template) : 'template0';
    await withClient(cluster, (client) => client.query(`create database ${name} template ${source}`));
    const url = databaseUrl(cluster, name);
    const pool = new Pool({ connectionString: url });
    // Dropping the database by force ends idle connections, which is no failure of the test.
    pool.on('error', () => undefined);
    current = { url, name, pool };
  }, 60_000);

  afterAll(async () => {
    if (!current) return;
    const { name, pool } = current;
    await pool.end();
    await withClient(await clusterUrl(), (client) => client.query(`drop database ${name} with (force)`));
  }, 30_000);

  const ready = (): TestPostgres => {
    if (!current)
      throw new Error(
        'The database is created in beforeAll: read it there or later, not while the file loads.',
      );
    return current;
  };
  return {
    get url() {
      return ready().url;
    },
    get name() {
      return ready().name;
    },
    get pool() {
      return ready().pool;
    },
  };
}
