/** Puts the sync service together: control plane, queue, connectors' HTTP client, health. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Bus, BusModule } from '@freshet/bus';
import { createHttpClient, type HttpClient } from '@freshet/connectors';
import { ControlPlane, installationOf } from '@freshet/persistence';
import { HealthModule, type BaseEnv } from '@freshet/service-kit';
import { LoadStream } from './load-stream';
import { HTTP_CLIENT, RunSync } from './run-sync';

/** Runs at once in one process: they mostly wait for vendors, and each holds one connection while it loads. */
const concurrency = 4;

@Module({})
class PlaneModule implements OnApplicationShutdown {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(HTTP_CLIENT) private readonly http: HttpClient,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.plane.close(), this.http.close()]);
  }

  static with(env: BaseEnv): DynamicModule {
    return {
      module: PlaneModule,
      global: true,
      providers: [
        {
          provide: ControlPlane,
          useFactory: () =>
            ControlPlane.open({
              databaseUrl: env.DATABASE_URL,
              installation: env.FRESHET_INSTALLATION ?? installationOf(env.DATABASE_URL),
              masterKey: env.FRESHET_MASTER_KEY,
              poolSize: 2 * concurrency,
            }),
        },
        { provide: HTTP_CLIENT, useFactory: () => createHttpClient({ allowHosts: env.FRESHET_ALLOW_HOSTS }) },
      ],
      exports: [ControlPlane, HTTP_CLIENT],
    };
  }
}

@Module({})
export class SyncModule {
  static with(env: BaseEnv): DynamicModule {
    return {
      module: SyncModule,
      imports: [
        PlaneModule.with(env),
        BusModule.register({
          redisUrl: env.REDIS_URL,
          consume: { queue: 'sync', concurrency, lease: env.FRESHET_LEASE_MS },
        }),
        HealthModule.with({
          inject: [ControlPlane, Bus],
          useFactory: (plane: ControlPlane, bus: Bus) => [
            { name: 'postgresql', check: () => plane.system.rows('select 1') },
            { name: 'redis', check: () => bus.ping() },
          ],
        }),
      ],
      providers: [RunSync, LoadStream],
    };
  }
}
