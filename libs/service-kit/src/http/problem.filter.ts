/** Sends every error of a REST call as a problem document, and logs those that are ours. */
import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LOG, type Log } from '../logging/log';
import { correlationHeader } from '../logging/request-logging';
import { Clock } from '../process/clock';
import { problemAnswer } from './problem-document';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Log,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    this.send(error, http.getRequest<Request>(), http.getResponse<Response>());
  }

  /** Also for Express middleware, which Nest's filters do not reach. */
  send(error: unknown, request: Request, response: Response): void {
    const { status, headers, document, ours } = problemAnswer(
      error,
      request.originalUrl.split('?', 1)[0] ?? '/',
      this.clock.now(),
    );
    if (ours) {
      const correlationId = response.getHeader(correlationHeader);
      this.log.error(
        { correlationId, method: request.method, path: document.instance, code: document.code, err: error },
        'A request failed',
      );
      if (correlationId !== undefined) document['correlationId'] = String(correlationId);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response.status(status).set(headers).send(JSON.stringify(document));
  }
}
