/** Puts the refresh service together: control plane, queue, builders, dispatcher, health. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Bus, BusModule } from '@freshet/bus';
import { defaults } from '@freshet/contracts';
import { ControlPlane, installationOf } from '@freshet/persistence';
import { HealthModule, type BaseEnv } from '@freshet/service-kit';
import { createBuilders } from '@freshet/warehouse';
import { BuildModel, BUILDERS } from './build-model';
import { DispatchCascade } from './dispatch-cascade';
import { ListenForDispatch } from './listen-for-dispatch';
import { PublishBuild } from './publish-build';
import { RunRefresh } from './run-refresh';

/** A process may hold all slots; with several processes the slots are still the cap. */
const concurrency = defaults.refresh.slots;

@Module({})
class PlaneModule implements OnApplicationShutdown {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  onApplicationShutdown(): Promise<void> {
    return this.plane.close();
  }

  static with(env: BaseEnv): DynamicModule {
    const installation = env.FRESHET_INSTALLATION ?? installationOf(env.DATABASE_URL);
    const { hostname, port, pathname } = new URL(env.DATABASE_URL);
    const connection = {
      host: hostname,
      port: Number(port || 5432),
      database: decodeURIComponent(pathname.slice(1)),
    };
    const masterKey = env.FRESHET_MASTER_KEY;
    return {
      module: PlaneModule,
      global: true,
      providers: [
        {
          provide: ControlPlane,
          // One session per running refresh, and some for heartbeats, dispatches and publishing.
          useFactory: () =>
            ControlPlane.open({
              databaseUrl: env.DATABASE_URL,
              installation,
              masterKey,
              poolSize: 2 * concurrency + 3,
            }),
        },
        { provide: BUILDERS, useFactory: () => createBuilders({ connection, installation, masterKey }) },
      ],
      exports: [ControlPlane, BUILDERS],
    };
  }
}

@Module({})
export class RefreshModule {
  static with(env: BaseEnv): DynamicModule {
    return {
      module: RefreshModule,
      imports: [
        PlaneModule.with(env),
        BusModule.register({
          redisUrl: env.REDIS_URL,
          consume: { queue: 'cascade', concurrency, lease: env.FRESHET_LEASE_MS },
        }),
        HealthModule.with({
          inject: [ControlPlane, Bus],
          useFactory: (plane: ControlPlane, bus: Bus) => [
            { name: 'postgresql', check: () => plane.system.rows('select 1') },
            { name: 'redis', check: () => bus.ping() },
          ],
        }),
      ],
      providers: [DispatchCascade, ListenForDispatch, RunRefresh, BuildModel, PublishBuild],
    };
  }
}
