/** The anatomy of every service: read settings → validate → construct → start, and stop in good order. */
import {
  Module,
  type DynamicModule,
  type INestApplication,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { baseEnv, type BaseEnv, type Env } from '../env/base-env';
import { EnvironmentError, readEnv } from '../env/read-env';
import { RevisionTag } from '../http/if-match';
import { ProblemFilter } from '../http/problem.filter';
import { InputValidation } from '../http/validation';
import { createLog, LOG, type Log } from '../logging/log';
import { requestLogging } from '../logging/request-logging';
import { Clock, ScaledClock, SystemClock } from './clock';
import { FailpointBeforeAnswer } from './failpoint-before-answer';
import { armFailpoints } from './failpoints';
import { SERVICE_NAME } from './service-name';
import { limitShutdown } from './shutdown';

/** Injection token of the validated settings. */
export const ENV = Symbol('env');

export interface Service<S extends typeof baseEnv> {
  name: string;
  /** `baseEnv`, extended by what this service alone reads. */
  env: S;
  module: (env: Env<S>) => NonNullable<ModuleMetadata['imports']>[number];
  /** Where it listens: REST for the gateway, health for the others. */
  port: (env: Env<S>) => number;
  /** What has to be set on the HTTP server before it starts. */
  configure?: (app: NestExpressApplication, env: Env<S>) => void | Promise<void>;
}

@Module({})
class ServiceRoot {}

/** Constructs a service without letting it listen, for tests too. `overrides` replace the kit's own providers, such as the clock. */
export async function createService<S extends typeof baseEnv>(
  service: Service<S>,
  env: Env<S>,
  { log = createLog(service.name, env.LOG_LEVEL), clock = clockOf(env) }: { log?: Log; clock?: Clock } = {},
): Promise<NestExpressApplication> {
  armFailpoints(env.FRESHET_FAILPOINTS);
  const app = await NestFactory.create<NestExpressApplication>(rootModule(service, env, log, clock), {
    bufferLogs: true,
    bodyParser: false,
    forceCloseConnections: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.disable('x-powered-by').disable('etag');
  await service.configure?.(app, env);
  return app;
}

/** Starts a service for good. Ends the process with one sentence per bad setting, or with the error that kept it from starting. */
export async function startService<S extends typeof baseEnv>(service: Service<S>): Promise<INestApplication> {
  const env = settingsOrExit(service);
  const log = createLog(service.name, env.LOG_LEVEL);
  process.on('uncaughtException', (err) => dieOf(log, err));
  process.on('unhandledRejection', (err) => dieOf(log, err));
  try {
    const app = await createService(service, env, { log });
    app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
    limitShutdown(log);
    await app.listen(service.port(env), env.FRESHET_HOST);
    log.info({ url: await app.getUrl() }, `${service.name} started`);
    return app;
  } catch (err) {
    return dieOf(log, err);
  }
}

function clockOf({ FRESHET_CLOCK: scaled }: Pick<BaseEnv, 'FRESHET_CLOCK'>): Clock {
  return scaled ? new ScaledClock(scaled.origin, scaled.factor) : new SystemClock();
}

function rootModule<S extends typeof baseEnv>(
  service: Service<S>,
  env: Env<S>,
  log: Log,
  clock: Clock,
): DynamicModule {
  const shared: Provider[] = [
    { provide: ENV, useValue: env },
    { provide: SERVICE_NAME, useValue: service.name },
    { provide: LOG, useValue: log },
    { provide: Clock, useValue: clock },
  ];
  return {
    module: ServiceRoot,
    global: true,
    imports: [requestLogging(log), service.module(env)],
    providers: [
      ...shared,
      ProblemFilter,
      { provide: APP_FILTER, useExisting: ProblemFilter },
      { provide: APP_PIPE, useClass: InputValidation },
      { provide: APP_INTERCEPTOR, useClass: FailpointBeforeAnswer },
      { provide: APP_INTERCEPTOR, useClass: RevisionTag },
    ],
    exports: [...shared, ProblemFilter],
  };
}

function settingsOrExit<S extends typeof baseEnv>(service: Service<S>): Env<S> {
  try {
    return readEnv(service.env);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    for (const sentence of error.sentences) process.stderr.write(`${service.name}: ${sentence}\n`);
    return process.exit(1);
  }
}

function dieOf(log: Log, err: unknown): never {
  log.fatal({ err }, 'The service ends because of an error it can not go on after');
  return process.exit(1);
}
