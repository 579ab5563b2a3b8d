/**
 * The one PostgreSQL cluster of a Jest run, started by the first spec file that asks for it and ended by the global
 * teardown. `FRESHET_TEST_PG` names a superuser's URL on a running server to use instead.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';

import { withFolderLock } from '../processes/folder-lock';
import { freePort } from '../processes/free-port';
import { testRunFolder } from '../processes/test-run';
import { createCluster, startServer, superuserUrl } from './postgres-server';

/** The shared cluster is never stopped before its data goes too. */
const quick = { synchronous_commit: 'off', full_page_writes: 'off' };

/** A superuser's URL of the run's cluster, its `postgres` database. Starts the cluster when nobody has. */
export async function clusterUrl(): Promise<string> {
  if (process.env.FRESHET_TEST_PG) return process.env.FRESHET_TEST_PG;
  return (
    startedUrl() ??
    withFolderLock(path.join(testRunFolder(), 'postgres.lock'), async () => startedUrl() ?? start())
  );
}

/** Names of databases begin with the run's own prefix, so that runs may share a server. */
export const databasePrefix = (): string =>
  `t_${path
    .basename(testRunFolder())
    .replace(/^freshet-test-/, '')
    .toLowerCase()}_`;

/** Connects, runs the work and disconnects. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Only on a server that outlives the run is there something to drop. */
export async function dropRunDatabases(): Promise<void> {
  const url = process.env.FRESHET_TEST_PG;
  if (!url) return;
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where starts_with(datname, $1)`,
      [databasePrefix()],
    );
    for (const { datname } of rows) {
      await client.query(`alter database ${datname} is_template false`);
      await client.query(`drop database ${datname} with (force)`);
    }
  });
}

const urlFile = (): string => path.join(testRunFolder(), 'postgres.url');

function startedUrl(): string | undefined {
  try {
    return readFileSync(urlFile(), 'utf8');
  } catch {
    return undefined;
  }
}

async function start(): Promise<string> {
  const port = await freePort();
  await startServer(createCluster(), port, quick);
  const url = superuserUrl(port);
  writeFileSync(urlFile(), url);
  return url;
}
