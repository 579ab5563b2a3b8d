/** `Idempotency-Key`: a POST that is sent again, since its answer got lost, is answered again instead of done again. */
import { createHash } from 'node:crypto';
import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FreshetError, type RouteName } from '@freshet/contracts';
import {
  endpointOf,
  LOG,
  principalKey,
  SecretBox,
  type AuthenticatedRequest,
  type Log,
} from '@freshet/service-kit';
import type { Response } from 'express';
import { Redis } from 'ioredis';
import { catchError, from, mergeMap, of, throwError, type Observable } from 'rxjs';

const day = 24 * 3_600_000;
/** A process that dies midway blocks its key no longer than this. */
const longestWork = 60_000;

interface Kept {
  fingerprint: string;
  /** Sealed, since an answer may show a secret once; absent while the first request is still under way. */
  answer?: string;
}

/** POSTs that only read: doing them again does no harm, and their answers are too large to be kept. */
const reading: ReadonlySet<RouteName> = new Set(['runQuery', 'loadDashboard']);

@Injectable()
export class Idempotency implements NestInterceptor {
  constructor(
    @Inject(Redis) private readonly redis: Redis,
    @Inject(SecretBox) private readonly secrets: SecretBox,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(LOG) private readonly log: Log,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const key = request.get('idempotency-key');
    const endpoint = endpointOf(this.reflector, context.getHandler() as () => unknown);
    if (request.method !== 'POST' || !key || !endpoint || !request.principal || reading.has(endpoint))
      return next.handle();
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw new FreshetError(
        'invalid_input',
        'An Idempotency-Key is 1 to 255 visible characters, such as a UUID.',
      );

    const place = `freshet:idempotency:${principalKey(request.principal)}:${endpoint}:${hash(key)}`;
    const fingerprint = hash(JSON.stringify([request.path, request.body ?? null]));
    return from(this.begin(place, fingerprint)).pipe(
      mergeMap((known) => {
        if (known === 'new') return this.carryOut(place, fingerprint, next);
        context.switchToHttp().getResponse<Response>().setHeader('Idempotent-Replayed', 'true');
        return of(known.answer);
      }),
    );
  }

  private carryOut(place: string, fingerprint: string, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        const sealed = this.secrets.seal(JSON.stringify(answer ?? null), place);
        await this.store(place, { fingerprint, answer: sealed });
        return answer;
      }),
      // What failed may be tried again with the same key.
      catchError((error: unknown) => from(this.forget(place)).pipe(mergeMap(() => throwError(() => error)))),
    );
  }

  /** Takes the key, or answers what its first request was answered. Throws `conflict` when that is impossible. */
  private async begin(place: string, fingerprint: string): Promise<'new' | { answer: unknown }> {
    let kept: Kept | null;
    try {
      const taken = await this.redis.set(
        place,
        JSON.stringify({ fingerprint } satisfies Kept),
        'PX',
        longestWork,
        'NX',
      );
      if (taken) return 'new';
      kept = JSON.parse((await this.redis.get(place)) ?? 'null') as Kept | null;
    } catch (err) {
      this.log.warn({ err }, 'Idempotency keys are not kept while Redis is not reachable');
      return 'new';
    }
    if (!kept) return 'new';
    if (kept.fingerprint !== fingerprint)
      throw new FreshetError(
        'conflict',
        'This Idempotency-Key was used for another request. Use a new key for each.',
      );
    if (kept.answer === undefined)
      throw new FreshetError(
        'conflict',
        'The first request with this Idempotency-Key is still under way. Try again in a moment.',
      );
    return { answer: JSON.parse(this.secrets.open(kept.answer, place)) as unknown };
  }

  private async store(place: string, kept: Kept): Promise<void> {
    await this.redis.set(place, JSON.stringify(kept), 'PX', day).catch(() => undefined);
  }

  private async forget(place: string): Promise<void> {
    await this.redis.del(place).catch(() => undefined);
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
