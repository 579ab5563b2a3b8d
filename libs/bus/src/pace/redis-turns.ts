/** Turns kept in Redis, by one script and Redis' own clock, so that all processes keep the pace together. */
import { Redis } from 'ioredis';
import { producerConnection } from '../redis-connection';
import { lives, windowsOf, type TurnRequest, type Turns } from './turns';

/**
 * Keys: grants (id by time), turns under way (id by the time at which they expire), waiters (by arrival), when each asked last,
 * and when each source was served last. Windows slide over the very grants, so that in no window there are ever more than allowed.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local grants, turns, waiting, seen, served = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, source, atOnce = ARGV[1], ARGV[2], tonumber(ARGV[3])
local turnLife, waiterLife, look = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local me = source .. '|' .. id

redis.call('ZREMRANGEBYSCORE', turns, '-inf', now)
redis.call('ZADD', waiting, 'NX', now, me)
redis.call('HSET', seen, me, now)

local first, firstServed
for _, waiter in ipairs(redis.call('ZRANGE', waiting, 0, -1)) do
  if now - tonumber(redis.call('HGET', seen, waiter) or 0) > waiterLife then
    redis.call('ZREM', waiting, waiter)
    redis.call('HDEL', seen, waiter)
  else
    local last = tonumber(redis.call('HGET', served, string.match(waiter, '^[^|]*')) or 0)
    if not first or last < firstServed then first, firstServed = waiter, last end
  end
end

local wait, longest = 0, 0
if first ~= me or (atOnce > 0 and redis.call('ZCARD', turns) >= atOnce) then wait = look end
for at = 7, #ARGV, 2 do
  local most, window = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  longest = math.max(longest, window)
  local oldest = redis.call('ZREVRANGE', grants, most - 1, most - 1, 'WITHSCORES')
  if oldest[2] then wait = math.max(wait, tonumber(oldest[2]) + window - now) end
end
redis.call('ZREMRANGEBYSCORE', grants, '-inf', now - longest)

if wait <= 0 then
  redis.call('ZREM', waiting, me)
  redis.call('HDEL', seen, me)
  redis.call('ZADD', turns, now + turnLife, id)
  if longest > 0 then redis.call('ZADD', grants, now, id) end
  redis.call('HSET', served, source, redis.call('HINCRBY', served, '|', 1))
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, 2 * math.max(turnLife, longest)) end
return math.max(0, wait)
`;

/** Milliseconds without an answer after which Redis is taken to be away. */
const patience = 2_000;

export class RedisTurns implements Turns {
  private constructor(private readonly redis: Redis) {}

  static connect(redisUrl: string): RedisTurns {
    const redis = new Redis({ ...producerConnection(redisUrl), commandTimeout: patience });
    // Without a listener a lost Redis would end the process; who asks meanwhile is told by the command that fails.
    redis.on('error', () => undefined);
    return new RedisTurns(redis);
  }

  async ask({ id, source, pace }: TurnRequest): Promise<number> {
    const windows = windowsOf(pace).flatMap(({ most, milliseconds }) => [most, milliseconds]);
    const limits = [pace.atOnce ?? 0, lives.turn, lives.waiter, lives.look, ...windows];
    const keys = keysOf(pace.key);
    return (await this.redis.eval(script, keys.length, ...keys, id, source, ...limits)) as number;
  }

  async end({ id, source, pace }: TurnRequest): Promise<void> {
    const [, turns, waiting, seen] = keysOf(pace.key);
    const me = `${source}|${id}`;
    await this.redis.multi().zrem(turns, id).zrem(waiting, me).hdel(seen, me).exec();
  }

  close(): void {
    this.redis.disconnect();
  }
}

/** All in one slot of a cluster. */
const keysOf = (key: string): [string, string, string, string, string] => {
  const name = (part: string): string => `freshet:pace:{${key}}:${part}`;
  return [name('grants'), name('turns'), name('waiting'), name('seen'), name('served')];
};
