/** The gateway's connections to PostgreSQL and Redis, opened at start and closed at the end. */
import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ControlPlane, installationOf } from '@freshet/persistence';
import { ENV, LOG, RateLimiter, SecretBox, type BaseEnv, type Log } from '@freshet/service-kit';
import { Redis } from 'ioredis';
import type { GatewayEnv } from '../gateway-env';

/** Names this installation in the roles of PostgreSQL. */
export const installationName = (env: BaseEnv): string =>
  env.FRESHET_INSTALLATION ?? installationOf(env.DATABASE_URL);

@Injectable()
class Connections implements OnApplicationShutdown {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Redis) private readonly redis: Redis,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.redis.disconnect();
    await this.plane.close();
  }
}

@Global()
@Module({
  providers: [
    Connections,
    {
      provide: ControlPlane,
      inject: [ENV],
      useFactory: (env: GatewayEnv) =>
        ControlPlane.open({
          databaseUrl: env.DATABASE_URL,
          installation: installationName(env),
          masterKey: env.FRESHET_MASTER_KEY,
        }),
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
  exports: [ControlPlane, Redis, RateLimiter, SecretBox],
})
export class ControlPlaneModule {}
