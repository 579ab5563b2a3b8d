/** `/health/live` and `/health/ready`, the same for all services. */
import {
  Controller,
  Get,
  Header,
  Inject,
  Module,
  Res,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { health } from '@freshet/contracts';
import { HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import type { Response } from 'express';
import type { z } from 'zod';
import { AllowAccess } from '../principal/principal.guard';
import { Clock } from '../process/clock';
import { SERVICE_NAME } from '../process/service-name';

/** One thing a service can't work without; `check` throws when it is not there. */
export interface ReadinessCheck {
  name: string;
  check(signal: AbortSignal): Promise<unknown>;
}

const CHECKS = Symbol('readiness checks');
const checkTimeout = 2_000;

type Health = z.infer<typeof health>;

@Controller('health')
@AllowAccess('anybody')
export class HealthController implements OnModuleDestroy {
  private leaving = false;

  constructor(
    @Inject(CHECKS) private readonly checks: ReadinessCheck[],
    @Inject(HealthIndicatorService) private readonly indicator: HealthIndicatorService,
    @Inject(SERVICE_NAME) private readonly service: string,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** From then on a load balancer sends nothing new here. */
  onModuleDestroy(): void {
    this.leaving = true;
  }

  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): Health {
    return { status: 'ok', service: this.service, checks: {}, at: this.clock.now().toISOString() };
  }

  /** 503 when a check fails or the service is shutting down; failures are named, not explained, as anybody may ask. */
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Health> {
    const checks = await this.run();
    if (this.leaving) checks['shutdown'] = { status: 'down' };
    const ok = Object.values(checks).every(({ status }) => status === 'up');
    response.status(ok ? 200 : 503);
    return { status: ok ? 'ok' : 'error', service: this.service, checks, at: this.clock.now().toISOString() };
  }

  private async run(): Promise<Health['checks']> {
    const results = await Promise.all(
      this.checks.map(({ name, check }) =>
        this.indicator
          .check(name)
          .attempt(async ({ signal }) => void (await check(signal)))
          .withTimeout(checkTimeout),
      ),
    );
    return Object.fromEntries(
      results.flatMap((result) => Object.entries(result)).map(([name, { status }]) => [name, { status }]),
    );
  }
}

@Module({})
export class HealthModule {
  /** `useFactory` gives the checks, made from what is injected. */
  static with(
    checks: Pick<ModuleMetadata, 'imports'> &
      Pick<FactoryProvider<ReadinessCheck[]>, 'inject' | 'useFactory'>,
  ): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...(checks.imports ?? [])],
      controllers: [HealthController],
      providers: [{ provide: CHECKS, inject: checks.inject ?? [], useFactory: checks.useFactory }],
    };
  }
}
