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
 * Several are granted at once when all of them are left, else one.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window, most, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
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
local allowed = used + wanted <= most and wanted or used + 1 <= most and 1 or 0
if allowed > 0 then
  current = current + allowed
  used = used + allowed
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

/** Tries counted in Redis beforehand, for one caller; those not used within their time are lost to it. */
interface Block {
  left: number;
  until: number;
  answer: Allowance;
}

const block = {
  /** Of the limit, and in all. */
  share: 0.01,
  most: 100,
  /** Milliseconds. */
  lasts: 1_000,
  /** Callers kept count of. */
  callers: 10_000,
};

export class RateLimiter {
  private readonly blocks = new Map<string, Promise<Block>>();

  /** `factor` multiplies every limit: `limitFactor` of the settings. */
  constructor(
    private readonly redis: Pick<Redis, 'eval'>,
    private readonly factor = 1,
  ) {}

  /** Counts one try by `who` if it is allowed. Rejects when Redis is not reachable: the caller decides what that means. */
  async take(limit: Limit, who: string): Promise<Allowance> {
    return (await this.count(limit, who, 1)).answer;
  }

  /**
   * As `take`, for what happens many times a second: Redis is asked for a hundredth of the limit at once. Never more than
   * the limit is allowed; who stops midway loses what was asked for beforehand.
   */
  async takeOften(limit: Limit, who: string): Promise<Allowance> {
    const key = `${limit.name}:${who}`;
    const wanted = Math.max(1, Math.min(block.most, Math.floor(limit.most * this.factor * block.share)));
    for (;;) {
      const asked = this.blocks.get(key) ?? this.ask(key, () => this.count(limit, who, wanted));
      const counted = await asked;
      const { answer } = counted;
      if (answer.allowed && counted.left > 0 && performance.now() <= counted.until) {
        counted.left--;
        return { ...answer, remaining: answer.remaining + counted.left };
      }
      if (this.blocks.get(key) === asked) this.blocks.delete(key);
      if (!answer.allowed) return answer;
    }
  }

  private ask(key: string, count: () => Promise<Block>): Promise<Block> {
    const asked = count();
    this.blocks.set(key, asked);
    asked.catch(() => this.blocks.get(key) === asked && this.blocks.delete(key));
    const [oldest] = this.blocks.keys();
    if (this.blocks.size > block.callers && oldest !== undefined) this.blocks.delete(oldest);
    return asked;
  }

  private async count(limit: Limit, who: string, wanted: number): Promise<Block> {
    const most = limit.most * this.factor;
    const [granted, remaining, resetMs] = (await this.redis.eval(
      script,
      1,
      `freshet:limit:${limit.name}:${who}`,
      limit.windowMs,
      most,
      wanted,
    )) as [number, number, number];
    return {
      left: granted,
      until: performance.now() + block.lasts,
      answer: { allowed: granted > 0, limit: most, remaining, resetMs },
    };
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
