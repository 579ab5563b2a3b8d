/** A correlation id for each request, which travels on into the jobs it causes, and a line in the log when it has ended. */
import { randomUUID } from 'node:crypto';
import { Inject, Module, type DynamicModule, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import { LoggerModule } from 'nestjs-pino';
import type {} from 'pino-http';
import type { Log } from './log';

export const correlationHeader = 'x-correlation-id';

const REQUEST_LOG = Symbol('request log');

/**
 * Successful requests show at level debug only, so that one costs nothing at the others: a child logger for each would be a tenth of what
 * a small request takes. What failed by our doing shows at level error.
 */
export const logRequests =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const correlationId = correlate(request, response);
    request.id = correlationId;
    const startedAt = performance.now();
    response.once('close', () => {
      const failed = response.statusCode >= 500;
      const level = failed ? 'error' : 'debug';
      if (!log.isLevelEnabled(level)) return;
      log[level](
        {
          correlationId,
          req: { method: request.method, path: pathOf(request) },
          res: { status: response.statusCode },
          durationMs: Math.round(performance.now() - startedAt),
        },
        failed ? 'request errored' : 'request completed',
      );
    });
    next();
  };

@Module({})
class RequestLogging implements NestModule {
  constructor(@Inject(REQUEST_LOG) private readonly log: Log) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(logRequests(this.log)).forRoutes('{*splat}');
  }
}

/** Nest's own logger and the requests' log lines on the service's log. */
export const requestLogging = (log: Log): DynamicModule => ({
  module: RequestLogging,
  imports: [LoggerModule.forRoot({ pinoHttp: { logger: log }, forRoutes: [] })],
  providers: [{ provide: REQUEST_LOG, useValue: log }],
  exports: [LoggerModule],
});

/** The query is left out, since links may carry signatures in it. */
const pathOf = (request: Request): string | undefined => request.originalUrl.split('?', 1)[0];

function correlate(request: Request, response: Response): string {
  const given = request.headers[correlationHeader];
  const id = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
  response.setHeader(correlationHeader, id);
  return id;
}
