/** Puts the sync service together: control plane, queue, connectors' HTTP client, health. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Bus, BusModule, PaceModule, PacerDesk } from '@freshet/bus';
import { createHttpClient, findConnector, type HttpClient } from '@freshet/connectors';
import { ControlPlane, ControlPlaneModule } from '@freshet/persistence';
import { HealthModule, SecretBox, type BaseEnv } from '@freshet/service-kit';
import { EndRun } from './end-run';
import { LoadStream } from './load-stream';
import { LoadStreams } from './load-streams';
import { FIND_CONNECTOR, HTTP_CLIENT, OpenSource, PACERS, type Pacers } from './open-source';
import { RunSync } from './run-sync';
import { WriteSlice } from './write-slice';

/** Runs at once in one process: they mostly wait for vendors, and each holds one connection while it loads. */
const concurrency = 4;

@Module({})
export class SyncModule implements OnApplicationShutdown {
  constructor(@Inject(HTTP_CLIENT) private readonly http: HttpClient) {}

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }

  static with(env: BaseEnv): DynamicModule {
    return {
      module: SyncModule,
      imports: [
        ControlPlaneModule.register(env, 2 * concurrency),
        BusModule.register({
          redisUrl: env.REDIS_URL,
          consume: { queue: 'sync', concurrency, lease: env.FRESHET_LEASE_MS },
        }),
        PaceModule.register(env.REDIS_URL),
        HealthModule.with({
          inject: [ControlPlane, Bus],
          useFactory: (plane: ControlPlane, bus: Bus) => [
            { name: 'postgresql', check: () => plane.ping() },
            { name: 'redis', check: () => bus.ping() },
          ],
        }),
      ],
      providers: [
        RunSync,
        OpenSource,
        LoadStreams,
        LoadStream,
        WriteSlice,
        EndRun,
        { provide: FIND_CONNECTOR, useValue: findConnector },
        {
          provide: PACERS,
          inject: [PacerDesk],
          useFactory:
            (desk: PacerDesk): Pacers =>
            (sourceId) =>
              desk.of(sourceId),
        },
        {
          provide: SecretBox,
          useFactory: () => new SecretBox(env.FRESHET_MASTER_KEY, env.FRESHET_FORMER_MASTER_KEYS),
        },
        { provide: HTTP_CLIENT, useFactory: () => createHttpClient({ allowHosts: env.FRESHET_ALLOW_HOSTS }) },
      ],
    };
  }
}
