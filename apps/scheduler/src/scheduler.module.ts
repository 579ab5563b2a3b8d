/** Puts the scheduler together: due sources, the dispatch safety net, dead leases and sweeps. */
import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Bus, BusModule } from '@freshet/bus';
import { ControlPlane, ControlPlaneModule } from '@freshet/persistence';
import { HealthModule, type BaseEnv } from '@freshet/service-kit';
import { DispatchNet } from './dispatch-net';
import { DueSources } from './due-sources';
import { ForgetPages } from './forget-pages';
import { FreezeVersions } from './freeze-versions';
import { OrphanFiles } from './orphan-files';
import { StableViews } from './stable-views';
import { Sweeper } from './sweeper';

const connections = 4;

@Module({})
export class SchedulerModule {
  static with(env: BaseEnv): DynamicModule {
    return {
      module: SchedulerModule,
      imports: [
        ControlPlaneModule.register(env, connections),
        ScheduleModule.forRoot(),
        BusModule.register({ redisUrl: env.REDIS_URL }),
        HealthModule.with({
          inject: [ControlPlane, Bus],
          useFactory: (plane: ControlPlane, bus: Bus) => [
            { name: 'postgresql', check: () => plane.ping() },
            { name: 'redis', check: () => bus.ping() },
          ],
        }),
      ],
      providers: [DueSources, DispatchNet, StableViews, Sweeper, FreezeVersions, ForgetPages, OrphanFiles],
    };
  }
}
