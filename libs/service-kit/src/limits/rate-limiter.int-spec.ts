import { useRedis, waitFor } from '@freshet/testing';
import { Redis } from 'ioredis';
import { RateLimiter, rateLimitHeaders, tooMany } from './rate-limiter';

const redisServer = useRedis();
let redis: Redis;
beforeAll(() => {
  redis = new Redis(redisServer.url);
});
afterAll(() => redis.disconnect());

const limit = { name: 'requests', most: 3, windowMs: 60_000 };
const take = async (limiter: RateLimiter, who: string, times: number) => {
  const answers = [];
  for (let i = 0; i < times; i++) answers.push(await limiter.take(limit, who));
  return answers;
};

describe('the rate limiter', () => {
  it('allows as many as the limit says, then says when the next one is', async () => {
    const answers = await take(new RateLimiter(redis), 'anna', 4);
    expect(answers.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    const refused = answers[3]!;
    expect(refused.resetMs).toBeGreaterThan(0);
    expect(refused.resetMs).toBeLessThanOrEqual(120_000);
    expect(rateLimitHeaders(refused)['RateLimit-Limit']).toBe('3');
    const now = new Date();
    expect(tooMany(refused, 'Wait.', now).details.until?.getTime()).toBe(now.getTime() + refused.resetMs);
  });

  it('counts each caller apart, and all processes together', async () => {
    await take(new RateLimiter(redis), 'ben', 3);
    expect((await take(new RateLimiter(redis), 'ben', 1))[0]?.allowed).toBe(false);
    expect((await take(new RateLimiter(redis), 'cleo', 1))[0]?.allowed).toBe(true);
  });

  it('is as much wider as the factor says', async () => {
    const answers = await take(new RateLimiter(redis, 2), 'dora', 7);
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(6);
  });

  it('asks Redis for several at once when they come often, and still allows no more than the limit', async () => {
    const wide = { name: 'wide', most: 1_000, windowMs: 60_000 };
    let asked = 0;
    const counting = {
      eval: (...args: Parameters<Redis['eval']>) => (asked++, redis.eval(...args)),
    } as Pick<Redis, 'eval'>;
    const [one, other] = [new RateLimiter(counting), new RateLimiter(counting)];
    const answers = await Promise.all(
      Array.from({ length: 1_100 }, (_, i) => (i % 2 ? one : other).takeOften(wide, 'fred')),
    );
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(1_000);
    expect(asked).toBeLessThan(310);
    expect(answers[0]?.remaining).toBeGreaterThan(900);
  });

  it('allows the next one when the time it told is over', async () => {
    const short = { name: 'short', most: 2, windowMs: 200 };
    const limiter = new RateLimiter(redis);
    let answer = await limiter.take(short, 'emil');
    while (answer.allowed) answer = await limiter.take(short, 'emil');
    const told = performance.now() + answer.resetMs;
    await waitFor(async () => (await limiter.take(short, 'emil')).allowed, { timeout: answer.resetMs + 200 });
    expect(performance.now()).toBeGreaterThan(told - 50);
  });
});
