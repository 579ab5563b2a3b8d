import { RedisServer } from './redis-server';
import { useRedis } from './use-redis';

describe('a Redis per spec file', () => {
  const redis = useRedis();
  const durable = useRedis({ durable: true });

  it('forgets its data when killed, and comes back on the same port', async () => {
    const { port } = redis;
    await redis.command('SET a 1');
    await redis.kill9();
    await expect(redis.command('PING')).rejects.toThrow();
    await redis.restart();
    expect(redis.port).toBe(port);
    expect(await redis.command('EXISTS a')).toBe(':0\r\n');
  });

  it('keeps its data over a kill when durable', async () => {
    await durable.command('SET a 1');
    await durable.restart();
    expect(await durable.command('EXISTS a')).toBe(':1\r\n');
  });

  it('loses the end of its file, and what was written there with it', async () => {
    const server = await RedisServer.start({ durable: true });
    await server.command('SET a 1');
    await server.command('SET b 2');
    expect(() => server.loseTail(1)).toThrow(/kill it/);
    await server.kill9();
    expect(server.loseTail(3)).toBe(3);
    await server.restart();
    expect(await server.command('KEYS *')).toBe('*1\r\n$1\r\na\r\n');
    await server.kill9();
  });

  it('forgets everything on flushAll', async () => {
    await durable.command('SET b 1');
    await durable.flushAll();
    expect(await durable.command('DBSIZE')).toBe(':0\r\n');
  });

  it('never evicts', async () => {
    expect(await redis.command('CONFIG GET maxmemory-policy')).toContain('noeviction');
  });
});
