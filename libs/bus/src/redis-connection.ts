/** Redis connections as the two sides of a queue need them. */
import type { RedisOptions } from 'bullmq';

const parse = (redisUrl: string): RedisOptions => {
  const url = new URL(redisUrl);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' && { tls: {} }),
  };
};

const retryStrategy = (times: number): number => Math.min(50 * times, 1_000);

/** For producers: with Redis down an `add` fails at once instead of waiting for ever; what it meant is in PostgreSQL. */
export const producerConnection = (redisUrl: string): RedisOptions => ({
  ...parse(redisUrl),
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  retryStrategy,
});

/** For workers: they wait for Redis to come back, however long it takes. */
export const consumerConnection = (redisUrl: string): RedisOptions => ({
  ...parse(redisUrl),
  maxRetriesPerRequest: null,
  retryStrategy,
});
