/** Everything the gateway is made of. */
import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, DiscoveryModule, DiscoveryService, Reflector } from '@nestjs/core';
import { BusModule } from '@freshet/bus';
import { ControlPlane } from '@freshet/persistence';
import {
  Authenticator,
  checkEndpoints,
  HealthModule,
  PrincipalGuard,
  PrincipalResolver,
  PUBLIC_URL,
} from '@freshet/service-kit';
import { Redis } from 'ioredis';
import { AuthController } from './auth/auth.controller';
import { SignInDesk } from './auth/sign-in';
import { StoredPrincipals } from './auth/stored-principals';
import { ConnectionAccess } from './connections/connection-access';
import { ConnectionDesk } from './connections/connection-desk';
import { ConnectionsController } from './connections/connections.controller';
import { ConsentDesk } from './connections/consent-desk';
import { HookDesk } from './connections/hook-desk';
import { TemplateDesk } from './connections/template-desk';
import { TemplatesController } from './connections/templates.controller';
import { ControlPlaneModule } from './control/control-plane.module';
import { DashboardDesk } from './dashboards/dashboard-desk';
import { DashboardsController } from './dashboards/dashboards.controller';
import { LastGood } from './dashboards/last-good';
import { ProjectViews } from './dashboards/project-views';
import { QueryDesk } from './dashboards/query-desk';
import { EventsController } from './events/events.controller';
import type { GatewayEnv } from './gateway-env';
import { Idempotency } from './http/idempotency';
import { RequestLimitGuard } from './http/request-limit.guard';
import { LiveGateway } from './live/live.gateway';
import { LineageController } from './lineage/lineage.controller';
import { LineageDesk } from './lineage/lineage-desk';
import { DiffDesk } from './models/diff-desk';
import { ModelDescriber } from './models/model-describer';
import { ModelDesk } from './models/model-desk';
import { ModelsController } from './models/models.controller';
import { ReadersModule } from './models/readers.module';
import { StableViews } from './models/stable-views';
import { VersionDesk } from './models/version-desk';
import { VersionsController } from './models/versions.controller';
import { OrganizationController } from './organization/organization.controller';
import { ProjectDesk } from './organization/project-desk';
import { ProofDesk } from './proof/proof-desk';
import { WhyDesk } from './proof/why-desk';
import { QueueWatch } from './refresh/queue-watch';
import { RefreshController } from './refresh/refresh.controller';
import { RefreshDesk } from './refresh/refresh-desk';
import { ConnectorDesk } from './sources/connector-desk';
import { SourceDesk } from './sources/source-desk';
import { SourcesController } from './sources/sources.controller';
import { SyncRunsController } from './sources/sync-runs.controller';

const health = HealthModule.with({
  inject: [ControlPlane, Redis],
  useFactory: (plane: ControlPlane, redis: Redis) => [
    { name: 'postgresql', check: () => plane.system.rows('select 1') },
    { name: 'redis', check: () => redis.ping() },
  ],
});

@Module({
  controllers: [
    AuthController, OrganizationController, SourcesController, SyncRunsController, ModelsController, RefreshController, DashboardsController,
    EventsController, VersionsController, LineageController, ConnectionsController, TemplatesController,
  ],
  providers: [
    SignInDesk, ProjectDesk, ConnectorDesk, SourceDesk, ModelDesk, RefreshDesk, QueueWatch, DashboardDesk, QueryDesk, ProjectViews, LastGood, LiveGateway,
    ModelDescriber, VersionDesk, DiffDesk, StableViews, LineageDesk, ProofDesk, WhyDesk, ConnectionAccess, ConnectionDesk, ConsentDesk, TemplateDesk, HookDesk,
    Authenticator,
    { provide: PrincipalResolver, useClass: StoredPrincipals },
    { provide: APP_GUARD, useClass: PrincipalGuard },
    { provide: APP_GUARD, useClass: RequestLimitGuard },
    { provide: APP_INTERCEPTOR, useClass: Idempotency },
  ],
}) // prettier-ignore
export class GatewayModule implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  /** A gateway that lacks a promised call, or has two answers to one, must not start. */
  onApplicationBootstrap(): void {
    checkEndpoints(this.discovery, this.reflector);
  }

  static with(env: GatewayEnv): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        DiscoveryModule,
        ControlPlaneModule,
        ReadersModule,
        BusModule.register({ redisUrl: env.REDIS_URL }),
        health,
      ],
      providers: [{ provide: PUBLIC_URL, useValue: env.FRESHET_PUBLIC_URL }],
    };
  }
}
