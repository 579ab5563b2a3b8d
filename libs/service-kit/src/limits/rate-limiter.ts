/** Counts what somebody does within a window, in Redis, so that all gateways share the count. */
import type { Redis } from 'ioredis';
import { FreshetError } from '@freshet/contracts';

export interface Limit {
  /** What is limited, such as `requests` or `sign-in`; part of the Redis key. */
  name: string;
  /** How often within the window. */
  most: number;
  windowMs: number;
}

export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Milliseconds until one more is allowed (when refused), or until the window is empty again. */
  resetMs: number;
}

/**
 * A sliding window by two counters: the current window's, and the last one's by the share that still overlaps.
 * Refused tries are not counted, so that waiting as long as told is enough. Redis' clock serves all gateways alike.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local slot = math.floor(now / window)
local into = now - slot * window
local counts = redis.call('HMGET', KEYS[1], 's', 'c', 'p')
local known = tonumber(counts[1]) or -2
local current, previous = 0, 0
if known == slot then
  current, previous = tonumber(counts[2]), tonumber(counts[3])
elseif known == slot - 1 then
  previous = tonumber(counts[2])
end
local used = current + previous * (window - into) / window
local allowed = used + 1 <= most and 1 or 0
if allowed == 1 then
  current = current + 1
  used = used + 1
  redis.call('HSET', KEYS[1], 's', slot, 'c', current, 'p', previous)
  redis.call('PEXPIRE', KEYS[1], window * 2)
end
local reset = window - into
if allowed == 0 then
  if current + 1 <= most then
    reset = math.ceil(window * (1 - (most - 1 - current) / previous)) - into
  else
    reset = reset + math.ceil(window * (1 - (most - 1) / current))
  end
end
return { allowed, math.max(0, math.floor(most - used)), math.max(1, reset) }
`;

export class RateLimiter {
  /** `factor` multiplies every limit: `limitFactor` of the settings. */
  constructor(
    private readonly redis: Pick<Redis, 'eval'>,
    private readonly factor = 1,
  ) {}

  /** Counts one try by `who` if it is allowed. Rejects when Redis is not reachable: the caller decides what that means. */
  async take(limit: Limit, who: string): Promise<Allowance> {
    const most = limit.most * this.factor;
    const answer = (await this.redis.eval(
      script,
      1,
      `freshet:limit:${limit.name}:${who}`,
      limit.windowMs,
      most,
    )) as [number, number, number];
    return { allowed: answer[0] === 1, limit: most, remaining: answer[1], resetMs: answer[2] };
  }
}

/** The error for a refused try; `sentence` says what was limited. */
export const tooMany = (allowance: Allowance, sentence: string, now: Date): FreshetError => {
  const until = new Date(now.getTime() + allowance.resetMs);
  return new FreshetError('too_many_requests', sentence, {
    until,
    extra: { limit: allowance.limit, retryAt: until.toISOString() },
  });
};

/** Headers that tell a caller how much it has left (draft `RateLimit` fields; seconds). */
export const rateLimitHeaders = ({ limit, remaining, resetMs }: Allowance): Record<string, string> => ({
  'RateLimit-Limit': String(limit),
  'RateLimit-Remaining': String(remaining),
  'RateLimit-Reset': String(Math.ceil(resetMs / 1_000)),
});
