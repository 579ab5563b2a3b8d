/** Limits how much one caller may ask for, counted in Redis for all gateways together (spec AP4). */
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import {
  Clock, LOG, principalKey, rateLimitHeaders, RateLimiter, tooMany,
  type AuthenticatedRequest, type Limit, type Log,
} from '@freshet/service-kit'; // prettier-ignore
import type { Response } from 'express';

const minute = 60_000;
export const requestLimits = {
  /** A dashboard page makes some ten calls; this allows a page each five seconds, all day. */
  principal: { name: 'requests', most: 1_200, windowMs: minute },
  anonymous: { name: 'anonymous-requests', most: 300, windowMs: minute },
} as const satisfies Record<string, Limit>;

@Injectable()
export class RequestLimitGuard implements CanActivate {
  constructor(
    @Inject(RateLimiter) private readonly limiter: RateLimiter,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (request.path.startsWith('/health/')) return true;
    const allowance = await this.take(request);
    if (!allowance) return true;
    context.switchToHttp().getResponse<Response>().set(rateLimitHeaders(allowance));
    if (allowance.allowed) return true;
    throw tooMany(
      allowance,
      'This is more than Freshet answers one caller in a minute. Slow down a little.',
      this.clock.now(),
    );
  }

  /** Null when Redis is away: limits are there to keep service up, and refusing everybody would not. */
  private async take({ principal, ip }: AuthenticatedRequest) {
    try {
      return await (principal
        ? this.limiter.takeOften(requestLimits.principal, principalKey(principal))
        : this.limiter.takeOften(requestLimits.anonymous, ip ?? 'unknown'));
    } catch (err) {
      this.log.warn({ err }, 'Requests are not limited while Redis is not reachable');
      return null;
    }
  }
}
