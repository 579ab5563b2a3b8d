/** Puts the refresh service together: control plane, queue, builders, dispatcher, health. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Bus, BusModule } from '@freshet/bus';
import { defaults } from '@freshet/contracts';
import { ControlPlane, ControlPlaneModule, installationName } from '@freshet/persistence';
import { HealthModule, type BaseEnv } from '@freshet/service-kit';
import { createBuilders, type Builders } from '@freshet/warehouse';
import { BeginRefresh } from './begin-refresh';
import { DispatchCascade } from './dispatch-cascade';
import { EndRefresh } from './end-refresh';
import { ListenForDispatch } from './listen-for-dispatch';
import { PublishBuild } from './publish-build';
import { RefreshLeases } from './refresh-leases';
import { BUILDERS, RunRefresh } from './run-refresh';

/** A process may hold all slots; with several processes the slots are still the cap. */
const concurrency = defaults.refresh.slots;

/** One session per running refresh, and some for heartbeats, dispatches and publishing. */
const connections = 2 * concurrency + 3;

const buildersFor = (env: BaseEnv): Builders => {
  const { hostname, port, pathname } = new URL(env.DATABASE_URL);
  const connection = {
    host: hostname,
    port: Number(port || 5432),
    database: decodeURIComponent(pathname.slice(1)),
  };
  return createBuilders({
    connection,
    installation: installationName(env),
    masterKey: env.FRESHET_MASTER_KEY,
  });
};

@Module({})
export class RefreshModule implements OnApplicationShutdown {
  constructor(@Inject(BUILDERS) private readonly builders: Builders) {}

  onApplicationShutdown(): Promise<void> {
    return this.builders.close();
  }

  static with(env: BaseEnv): DynamicModule {
    return {
      module: RefreshModule,
      imports: [
        ControlPlaneModule.register(env, connections),
        BusModule.register({
          redisUrl: env.REDIS_URL,
          consume: { queue: 'cascade', concurrency, lease: env.FRESHET_LEASE_MS },
        }),
        HealthModule.with({
          inject: [ControlPlane, Bus],
          useFactory: (plane: ControlPlane, bus: Bus) => [
            { name: 'postgresql', check: () => plane.ping() },
            { name: 'redis', check: () => bus.ping() },
          ],
        }),
      ],
      providers: [
        DispatchCascade,
        ListenForDispatch,
        RunRefresh,
        BeginRefresh,
        RefreshLeases,
        PublishBuild,
        EndRefresh,
        { provide: BUILDERS, useFactory: () => buildersFor(env) },
      ],
    };
  }
}
