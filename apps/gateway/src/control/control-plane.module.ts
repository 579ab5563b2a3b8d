/** The gateway's connections to PostgreSQL and Redis, opened at start and closed at the end. */
import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import {
  ControlPlane,
  controlRoles,
  installationName,
  loginPassword,
  sqlOf,
  type Sql,
} from '@freshet/persistence';
import { ENV, LOG, RateLimiter, SecretBox, type Log } from '@freshet/service-kit';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { GatewayEnv } from '../gateway-env';
import { DatabaseReach } from './database-reach';
import { News } from './news';
import { RecentWork } from './recent-work';
import { TenantReads } from './tenant-reads';

/** Injection token of the `Sql` by which callers are recognised: single statements, since every call needs one. */
export const AUTHENTICATION_SQL = Symbol('authentication sql');
const APP_POOL = Symbol('application pool');

/** Connections of the application's login beside MikroORM's, for what every call and every chart needs. */
function openAppPool(env: GatewayEnv, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: appUrl(env),
    max: 10,
    application_name: 'freshet gateway reads',
    keepAlive: true,
    // These reads take milliseconds: a connection that doesn't answer has to be told from one that is busy.
    connectionTimeoutMillis: 3_000,
    query_timeout: 4_000,
  });
  // A dropped connection is replaced by the next query; without a listener it would end the process. The pool listens
  // only while a connection is idle: one that is in use tells its user by the query that fails.
  const lost = (err: Error): void => log.debug({ err }, 'A connection was lost');
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

function appUrl(env: GatewayEnv): string {
  const url = new URL(env.DATABASE_URL);
  url.username = controlRoles(installationName(env)).app;
  url.password = loginPassword(env.FRESHET_MASTER_KEY, url.username);
  return url.toString();
}

@Injectable()
class Connections implements OnApplicationShutdown {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(APP_POOL) private readonly pool: pg.Pool,
    @Inject(DatabaseReach) private readonly database: DatabaseReach,
    @Inject(Redis) private readonly redis: Redis,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.redis.disconnect();
    this.database.close();
    await Promise.all([this.plane.close(), this.pool.end()]);
  }
}

@Global()
@Module({
  providers: [
    Connections,
    RecentWork,
    News,
    {
      provide: ControlPlane,
      inject: [ENV, RecentWork],
      useFactory: (env: GatewayEnv, recent: RecentWork) =>
        ControlPlane.open({
          databaseUrl: env.DATABASE_URL,
          installation: installationName(env),
          masterKey: env.FRESHET_MASTER_KEY,
          onWork: (organizationId) => recent.ended(organizationId),
        }),
    },
    { provide: APP_POOL, inject: [ENV, LOG], useFactory: openAppPool },
    {
      provide: AUTHENTICATION_SQL,
      inject: [APP_POOL, DatabaseReach],
      useFactory: (pool: pg.Pool, database: DatabaseReach): Sql => ({
        rows: async (text, values) => {
          database.requirePresent();
          return sqlOf(pool).rows(text, values);
        },
      }),
    },
    {
      provide: TenantReads,
      inject: [APP_POOL, DatabaseReach],
      useFactory: (pool: pg.Pool, database: DatabaseReach) => new TenantReads(pool, database),
    },
    {
      provide: Redis,
      inject: [ENV, LOG],
      useFactory: (env: GatewayEnv, log: Log) => {
        const redis = new Redis(env.REDIS_URL, {
          enableOfflineQueue: false,
          maxRetriesPerRequest: 1,
          connectionName: 'freshet-gateway',
        });
        // Without a listener a lost Redis would end the process.
        redis.on('error', (err: Error) => log.debug({ err }, 'Redis is not reachable'));
        return redis;
      },
    },
    {
      provide: DatabaseReach,
      inject: [ENV],
      useFactory: (env: GatewayEnv) => new DatabaseReach(appUrl(env)),
    },
    {
      provide: RateLimiter,
      inject: [Redis, ENV],
      useFactory: (redis: Redis, env: GatewayEnv) => new RateLimiter(redis, env.limitFactor),
    },
    {
      provide: SecretBox,
      inject: [ENV],
      useFactory: (env: GatewayEnv) => new SecretBox(env.FRESHET_MASTER_KEY, env.FRESHET_FORMER_MASTER_KEYS),
    },
  ],
  exports: [
    ControlPlane,
    TenantReads,
    AUTHENTICATION_SQL,
    DatabaseReach,
    News,
    Redis,
    RateLimiter,
    SecretBox,
  ],
})
export class ControlPlaneModule {}
