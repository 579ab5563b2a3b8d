/** Freshet as far as syncing needs it, with servers of its own: gateway, sync and scheduler as processes. */
import { randomBytes } from 'node:crypto';
import { ApiClient } from '@freshet/sdk';
import { PostgresServer, RedisServer, RunningService, waitFor } from '@freshet/testing';
import pg from 'pg';
import { runMigrate } from '../harness/run-migrate';
import type { Session } from './trial';

/** Milliseconds; short, so that work is taken over quickly. */
const lease = 3_000;
const names = ['gateway', 'sync', 'scheduler'] as const;
type Name = (typeof names)[number];

export class Installation {
  private constructor(
    private readonly servers: { postgres: PostgresServer; redis: RedisServer },
    private readonly services: Record<Name, RunningService>,
    readonly pool: pg.Pool,
    readonly session: Session,
    readonly projectId: string,
  ) {}

  /** @param more settings of all services: where the vendors are, and our registrations with them */
  static async start(more: Record<string, string>): Promise<Installation> {
    const [postgres, redis] = await Promise.all([
      PostgresServer.start(),
      RedisServer.start({ durable: true }),
    ]);
    const owner = new pg.Client({ connectionString: postgres.url });
    await owner.connect();
    await owner.query('create database freshet');
    await owner.end();
    const env = {
      NODE_ENV: 'test', LOG_LEVEL: 'warn', DATABASE_URL: new URL('/freshet', postgres.url).href, REDIS_URL: redis.url,
      FRESHET_MASTER_KEY: randomBytes(32).toString('base64url'), FRESHET_INSTALLATION: 'storm', FRESHET_ALLOW_HOSTS: '127.0.0.1',
      FRESHET_LEASE_MS: String(lease), FRESHET_DEMO: '1', ...more,
    }; // prettier-ignore
    await runMigrate(env);
    const started = await Promise.all(
      names.map(async (name) => {
        const portVariable = name === 'gateway' ? 'PORT' : 'HEALTH_PORT';
        return [name, await RunningService.start({ name, env, portVariable, timeout: 60_000 })] as const;
      }),
    );
    const services = Object.fromEntries(started) as Record<Name, RunningService>;
    const session = await signUp(services.gateway.url);
    const project = await session.api.call('createProject', { body: { name: 'Growth' } });
    return new Installation(
      { postgres, redis },
      services,
      new pg.Pool({ connectionString: env.DATABASE_URL, max: 2 }),
      session,
      project.id,
    );
  }

  /** The server's own URL, of its superuser. */
  get postgresUrl(): string {
    return this.servers.postgres.url;
  }

  /** The process that runs connectors. */
  get sync(): RunningService {
    return this.services.sync;
  }

  /** It is started again. @returns ids of the sources whose runs it was killed at */
  async killSync(): Promise<string[]> {
    await this.sync.kill('SIGKILL');
    const { rows } = await this.pool.query<{ id: string }>(
      `select source_id::text as id from app.sync_run where status = 'running'`,
    );
    this.sync.launch({});
    await waitFor(() => this.sync.isReady(), {
      timeout: 60_000,
      interval: 50,
      what: 'sync to be ready again',
    });
    return rows.map(({ id }) => id);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.services).map((service) => service.kill()));
    await this.pool.end();
    await Promise.all([this.servers.postgres.stopImmediately(), this.servers.redis.kill9()]);
  }
}

const signUp = async (url: string): Promise<Session> => {
  const body = {
    organizationName: 'Acme',
    name: 'Olivia Owner',
    email: 'owner@acme.example',
    password: randomBytes(12).toString('base64url'),
  };
  const answer = await new ApiClient(url, null).send('setUp', { body });
  if (!answer.ok) throw new Error(`Setting up answered ${answer.status}: ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return { url, cookie, api: new ApiClient(url, { cookie }) };
};
