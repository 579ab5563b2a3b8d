/** Freshet as it is tortured: the built services behind fault proxies, with a PostgreSQL and a durable Redis that may be stopped. */
import { randomBytes } from 'node:crypto';
import {
  PostgresServer,
  RedisServer,
  RunningService,
  startFaultProxy,
  startFileServer,
  type FileServer,
} from '@freshet/testing';
import pg from 'pg';
import { runMigrate } from '../harness/run-migrate';
import type { ServiceName } from '../harness/use-freshet';
import type { Disturbances } from './disturbances';
import type { Findings } from './findings';
import { SupervisedService } from './supervised-service';

export const serviceNames = ['gateway', 'sync', 'refresh', 'scheduler'] as const satisfies ServiceName[];

/** Milliseconds; short, so that work is taken over within a run. */
export const lease = 3_000;

export interface Installation {
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly files: FileServer;
  readonly services: readonly SupervisedService[];
  readonly databaseUrl: string;
  /** What services and `verify` are started with, by the straight way. */
  readonly env: Record<string, string>;
  /** A superuser's, by the straight way; for faults and for looking. */
  readonly pool: pg.Pool;
  service(name: ServiceName): SupervisedService;
  close(): Promise<void>;
}

export interface InstallationParts {
  disturbances: Disturbances;
  findings: Findings;
  onKill: (what: string) => void;
}

export const startInstallation = async (parts: InstallationParts): Promise<Installation> => {
  const [postgres, redis, files] = await Promise.all([
    PostgresServer.start(),
    RedisServer.start({ durable: true }),
    startFileServer(),
  ]);
  await createDatabase(postgres.url);
  const databaseUrl = new URL('/freshet', postgres.url).href;
  const env = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    FRESHET_MASTER_KEY: randomBytes(32).toString('base64url'),
    FRESHET_INSTALLATION: 'chaos',
    FRESHET_ALLOW_HOSTS: '127.0.0.1',
    FRESHET_LEASE_MS: String(lease),
    // Limits a person may hit are for people.
    FRESHET_DEMO: '1',
  };
  await runMigrate(env);
  const services = await Promise.all(serviceNames.map((name) => prepare(name, env, parts)));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 6 });
  // It is stopped on purpose; a pool listens only while a connection is idle.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  for (const service of services) service.start();
  await Promise.all(services.map((service) => service.ready()));
  return {
    postgres,
    redis,
    files,
    services,
    databaseUrl,
    env,
    pool,
    service: (name) => services.find((service) => service.name === name) as SupervisedService,
    async close() {
      await Promise.all(services.map((service) => service.close()));
      await pool.end().catch(() => undefined);
      await Promise.all([postgres.stopImmediately(), redis.kill9(), files.close()]);
    },
  };
};

const createDatabase = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create database freshet');
  await client.end();
};

/** Names of jobs, which a script that enqueues carries in its arguments. */
const jobNames = ['sync.run', 'refresh.model'];

const prepare = async (
  name: ServiceName,
  env: Record<string, string>,
  parts: InstallationParts,
): Promise<SupervisedService> => {
  const postgres = await startFaultProxy({ target: env['DATABASE_URL'] ?? '', protocol: 'postgresql' });
  const redis = await startFaultProxy({
    target: env['REDIS_URL'] ?? '',
    protocol: 'redis',
    isEnqueue: ([command = '', ...words]) =>
      command.toUpperCase().startsWith('EVAL') &&
      words.some((word) => jobNames.some((job) => word.includes(job))),
  });
  const service = await RunningService.create({
    name,
    env: { ...env, DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    portVariable: name === 'gateway' ? 'PORT' : 'HEALTH_PORT',
  });
  return new SupervisedService({ name, service, postgres, redis, ...parts });
};
