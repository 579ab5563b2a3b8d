/** Puts the scheduler together: due sources, the dispatch safety net, dead leases and sweeps. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Bus, BusModule } from '@freshet/bus';
import { ControlPlane, installationOf } from '@freshet/persistence';
import { HealthModule, type BaseEnv } from '@freshet/service-kit';
import { DispatchNet } from './dispatch-net';
import { DueSources } from './due-sources';
import { Sweeper } from './sweeper';

@Module({})
class PlaneModule implements OnApplicationShutdown {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  onApplicationShutdown(): Promise<void> {
    return this.plane.close();
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
              poolSize: 4,
            }),
        },
      ],
      exports: [ControlPlane],
    };
  }
}

@Module({})
export class SchedulerModule {
  static with(env: BaseEnv): DynamicModule {
    return {
      module: SchedulerModule,
      imports: [
        PlaneModule.with(env),
        ScheduleModule.forRoot(),
        BusModule.register({ redisUrl: env.REDIS_URL }),
        HealthModule.with({
          inject: [ControlPlane, Bus],
          useFactory: (plane: ControlPlane, bus: Bus) => [
            { name: 'postgresql', check: () => plane.system.rows('select 1') },
            { name: 'redis', check: () => bus.ping() },
          ],
        }),
      ],
      providers: [DueSources, DispatchNet, Sweeper],
    };
  }
}
