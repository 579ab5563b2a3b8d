/** Gives the database: the one `DATABASE_URL` names, else a cluster of this data folder from the PostgreSQL in npm. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';

import { mayReach, postgresProgram, serverUser, systemFolder } from '../host/postgres-program.mjs';
import { freePort } from '../host/ports.mjs';
import { commandLineOf, endProcess, identify } from '../host/process-identity.mjs';
import { say } from '../host/progress.mjs';
import { lastLines } from '../host/run-command.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { remember, remembered } from './remembered.mjs';
import { waitUntil } from './wait-until.mjs';

const LOGIN = 'freshet';
const DATABASE = 'freshet';
const MAJOR = '18';

// One core is left to readers: where a statement took every core, the p99 of readers grew 13 times while a model was built, else 2 times.
const workers = String(Math.max(0, Math.min(2, availableParallelism() - 2)));

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  max_locks_per_transaction: '256',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  max_parallel_workers_per_gather: workers,
  max_parallel_maintenance_workers: workers,
  log_line_prefix: '%m [%p] %u@%d ',
};

/** Starts or reaches PostgreSQL and returns an administrator's URL of Freshet's database. */
export async function providePostgres({ settings, secrets, children }) {
  if (settings.databaseUrl) {
    await requireAnswer(settings.databaseUrl);
    return settings.databaseUrl;
  }
  const user = serverUser();
  const { initdb, postgres } = postgresProgram(user);
  const cluster = clusterFolder(settings.folder, user);
  if (!existsSync(path.join(cluster, 'PG_VERSION')))
    createCluster(cluster, initdb, user, secrets.databasePassword);
  requireMajor(cluster);
  await clearStalePid(cluster);
  const port = await freePort(remembered(settings.folder).postgresPort);
  remember(settings.folder, { postgresPort: port });
  const url = (database) => `postgresql://${LOGIN}:${secrets.databasePassword}@127.0.0.1:${port}/${database}`;
  const args = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const ready = (entry) => waitUntil(entry, () => ask(url('postgres'), 'select 1'), 60_000);
  // SIGINT is PostgreSQL's fast shutdown: sessions are ended, what was committed is written.
  const entry = children.start({
    name: 'postgresql',
    command: postgres,
    args: ['-D', cluster, ...args],
    options: { ...user, cwd: '/' },
    signal: 'SIGINT',
    ready,
  });
  await ready(entry);
  const there = await ask(url('postgres'), `select from pg_database where datname = '${DATABASE}'`);
  if (!there.rowCount) await ask(url('postgres'), `create database ${DATABASE}`);
  return url(DATABASE);
}

/** In the data folder where the server's user may enter it, else in a place of the system that is remembered. */
function clusterFolder(folder, user) {
  const known = remembered(folder).cluster;
  if (known && (existsSync(known) || known.startsWith(systemFolder))) return known;
  let cluster = path.join(folder, 'postgresql');
  if (!mayReach(folder, user)) {
    cluster = path.join(systemFolder, randomBytes(6).toString('hex'));
    mkdirSync(systemFolder, { recursive: true, mode: 0o755 });
    say(
      `  PostgreSQL may not run as root, nor enter ${folder} as another user: its files are in ${cluster}.`,
    );
  }
  remember(folder, { cluster });
  return cluster;
}

/** Made beside its final place and moved there when whole, so that a kill meanwhile is without consequence. */
function createCluster(cluster, initdb, user, password) {
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(draft, '..', `.password-${process.pid}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined) for (const owned of [draft, passwordFile]) chownSync(owned, user.uid, user.gid);
  const made = spawnSync(
    initdb,
    [
      '-D',
      draft,
      '-U',
      LOGIN,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ],
    { ...user, cwd: '/', encoding: 'utf8' },
  );
  rmSync(passwordFile);
  if (made.status !== 0) {
    const text = made.error?.message ?? lastLines(made.stderr, 10);
    if (/No space left/.test(text))
      throw new Plain(`The disk of ${cluster} is full: free some space and start again.`);
    throw new Plain(`PostgreSQL could not create its files in ${cluster}:\n${text}`);
  }
  renameSync(draft, cluster);
}

function requireMajor(cluster) {
  const major = readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (major !== MAJOR)
    throw new Plain(
      `The data in ${cluster} is of PostgreSQL ${major}, and this Freshet brings ${MAJOR}: start the earlier Freshet, or set another FRESHET_DATA_DIR.`,
    );
}

/**
 * PostgreSQL refuses to start when the process of its pid file lives, even if that is by now another program; and a
 * server of these very files that nobody recorded has to go.
 */
async function clearStalePid(cluster) {
  const file = path.join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const identity = identify(Number(readFileSync(file, 'utf8').split('\n')[0]));
  if (identity && commandLineOf(identity.pid).includes(cluster)) await endProcess(identity, 'SIGINT', 15_000);
  rmSync(file, { force: true });
}

async function requireAnswer(url) {
  try {
    await ask(url, 'select 1');
  } catch (error) {
    throw new Plain(
      `DATABASE_URL is set, but its PostgreSQL does not answer: ${error.message}. Put it right, or unset it to use the one that comes with Freshet.`,
    );
  }
}

async function ask(url, sql) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
