/** Keeps two people from overwriting each other: revisions as ETags, and `If-Match` on changes. */
import {
  createParamDecorator,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { FreshetError } from '@freshet/contracts';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';

/** The revision of an `If-Match` header (`"7"`, `W/"7"` or `7`); null when there is none, or `*`. Throws `invalid_input`. */
export function parseIfMatch(header: string | undefined): number | null {
  const text = header?.trim();
  if (!text || text === '*') return null;
  const digits = /^(?:W\/)?"?(\d{1,15})"?$/.exec(text)?.[1];
  if (digits === undefined)
    throw new FreshetError(
      'invalid_input',
      'If-Match takes the `revision` of what is changed, such as "7".',
      {
        errors: [{ path: 'If-Match', message: 'Give one revision.' }],
      },
    );
  return Number(digits);
}

/** Throws `changed_meanwhile` when the caller saw another revision than the current one. Without `If-Match`, there is no check. */
export function requireRevision(expected: number | null, current: number): void {
  if (expected !== null && expected !== current)
    throw new FreshetError(
      'changed_meanwhile',
      'Somebody changed this meanwhile. Load it again, and repeat your change.',
      {
        extra: { revision: current },
      },
    );
}

/** Handler parameter: the revision the caller saw, or null when it doesn't say. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | null =>
  parseIfMatch(context.switchToHttp().getRequest<Request>().headers['if-match']),
);

/**
 * Sends a resource's `revision` as its ETag. Other members (status, freshness) change without it, so it must never
 * answer a GET with 304: what the caller says it has is dropped.
 */
@Injectable()
export class RevisionTag implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    delete request.headers['if-none-match'];
    return next.handle().pipe(
      map((body: unknown) => {
        const revision =
          typeof body === 'object' && body !== null && 'revision' in body ? body.revision : undefined;
        if (typeof revision === 'number') response.setHeader('ETag', `"${revision}"`);
        return body;
      }),
    );
  }
}
