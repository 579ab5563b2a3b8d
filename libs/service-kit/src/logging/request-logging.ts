/** One log context a request, with a correlation id that travels on into the jobs it causes. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Log } from './log';

export const correlationHeader = 'x-correlation-id';

/** Nest's own logger and the requests' log lines on the service's log. Successful requests show at level debug only. */
export const requestLogging = (log: Log): DynamicModule =>
  LoggerModule.forRoot({
    pinoHttp: {
      logger: log,
      genReqId: correlate,
      customLogLevel: (_request, response, error) =>
        error || response.statusCode >= 500 ? 'error' : 'debug',
      customAttributeKeys: { responseTime: 'durationMs', reqId: 'correlationId' },
      quietReqLogger: true,
      wrapSerializers: false,
      serializers: {
        req: (request: IncomingMessage) => ({ method: request.method, path: pathOf(request) }),
        res: (response: ServerResponse) => ({ status: response.statusCode }),
      },
    },
  });

/** The query is left out, since links may carry signatures in it. */
const pathOf = (request: IncomingMessage): string | undefined => request.url?.split('?', 1)[0];

function correlate(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers[correlationHeader];
  const id = typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
  response.setHeader(correlationHeader, id);
  return id;
}
