/**
 * The one PostgreSQL cluster of a Jest run, started by the first spec file that asks for it and ended by the global
 * teardown. `FRESHET_TEST_PG` names a superuser's URL on a running server to use instead.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';

import { withFolderLock } from '../processes/folder-lock';
import { freePort } from '../processes/free-port';
import { recordServer, testRunFolder } from '../processes/test-run';
import { waitFor } from '../timing/wait-for';
import { postgresBinaries, serverUser } from './binaries';

/** Trust for the superuser, passwords for every role that a test creates. */
const HOST_RULES = `host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n`;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  max_locks_per_transaction: '256',
  shared_buffers: '128MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '2GB',
  scram_iterations: '64',
};

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
  const user = serverUser();
  if (user.uid !== undefined) chmodSync(testRunFolder(), 0o711);
  const { initdb, postgres } = postgresBinaries(user);
  const folder = path.join(testRunFolder(), 'postgres');
  mkdirSync(folder, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  execFileSync(
    initdb,
    [
      '-D',
      folder,
      '-U',
      'postgres',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { ...user, stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' },
  );
  writeFileSync(path.join(folder, 'pg_hba.conf'), HOST_RULES);
  const port = await freePort();
  const log = openSync(path.join(testRunFolder(), 'postgres.log'), 'a');
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const server = spawn(postgres, ['-D', folder, ...settings], {
    ...user,
    stdio: ['ignore', log, log],
    detached: true,
    cwd: '/',
  });
  server.unref();
  if (server.pid) recordServer(server.pid, 'SIGQUIT');
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  await waitFor(() => withClient(url, async () => true), {
    timeout: 30_000,
    what: 'PostgreSQL to accept connections',
  });
  writeFileSync(urlFile(), url);
  return url;
}
