/** A PostgreSQL cluster of its own that tests may stop and start again: crash and recovery, without harm to the run's shared one. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';

import { freePort } from '../processes/free-port';
import { recordServer, testRunFolder } from '../processes/test-run';
import { waitFor } from '../timing/wait-for';
import { postgresBinaries, serverUser } from './binaries';

/** Trust for the superuser, passwords for every role that a test creates. */
const hostRules = `host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n`;

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  max_locks_per_transaction: '256',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  scram_iterations: '64',
  // Only a crash of the machine could lose what is not yet on the disk, and no test brings that about.
  fsync: 'off',
};

export interface ClusterPlace {
  folder: string;
  log: string;
}

/** Makes an empty cluster in the folder of the test run. */
export function createCluster(): ClusterPlace {
  const user = serverUser();
  if (user.uid !== undefined) chmodSync(testRunFolder(), 0o711);
  const { initdb } = postgresBinaries(user);
  const parent = mkdtempSync(path.join(testRunFolder(), 'postgres-'));
  chmodSync(parent, 0o711);
  const folder = path.join(parent, 'data');
  mkdirSync(folder, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const args = ['-D', folder, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  execFileSync(initdb, [...args, '--no-sync', '--no-instructions'], {
    ...user,
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: '/',
  });
  writeFileSync(path.join(folder, 'pg_hba.conf'), hostRules);
  return { folder, log: path.join(parent, 'postgres.log') };
}

/** Starts a server on the cluster and waits until it takes connections; further settings go before the usual ones. */
export async function startServer(
  { folder, log }: ClusterPlace,
  port: number,
  more: Record<string, string> = {},
): Promise<ChildProcess> {
  const user = serverUser();
  const output = openSync(log, 'a');
  const args = Object.entries({ ...settings, ...more, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const server = spawn(postgresBinaries(user).postgres, ['-D', folder, ...args], {
    ...user,
    stdio: ['ignore', output, output],
    detached: true,
    cwd: '/',
  });
  server.unref();
  if (server.pid) recordServer(server.pid, 'SIGQUIT');
  const answers = async (): Promise<boolean> => {
    if (server.exitCode !== null) return true;
    const client = new Client({ connectionString: superuserUrl(port) });
    client.on('error', () => undefined);
    await client.connect();
    await client.end();
    return true;
  };
  await waitFor(answers, { timeout: 30_000, what: 'PostgreSQL to accept connections' });
  if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once; its log is ${log}.`);
  return server;
}

export const superuserUrl = (port: number, database = 'postgres'): string =>
  `postgresql://postgres@127.0.0.1:${port}/${database}`;

export class PostgresServer {
  private constructor(
    private readonly place: ClusterPlace,
    readonly port: number,
    private server: ChildProcess | undefined,
  ) {}

  static async start(): Promise<PostgresServer> {
    const place = createCluster();
    const port = await freePort();
    return new PostgresServer(place, port, await startServer(place, port));
  }

  /** A superuser's URL of the database `postgres`. */
  get url(): string {
    return superuserUrl(this.port);
  }

  /** Where the server writes its log. */
  get logFile(): string {
    return this.place.log;
  }

  /** Immediate shutdown (SIGQUIT): all sessions end at once, and the next start recovers from the log as after a crash. */
  async stopImmediately(): Promise<void> {
    const running = this.server;
    this.server = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    // A server does not keep the process alive that started it; waiting for its end has to.
    running.ref();
    const gone = once(running, 'exit');
    running.kill('SIGQUIT');
    await gone;
  }

  /** Starts again on the same port, after an immediate stop when it still runs. What was committed is there. */
  async restart(): Promise<void> {
    await this.stopImmediately();
    this.server = await startServer(this.place, this.port);
  }
}
