/** A real Redis for each spec file. */
import { RedisServer } from './redis-server';

export type TestRedis = Pick<RedisServer, 'url' | 'port' | 'kill9' | 'restart' | 'flushAll' | 'command'>;

/**
 * Call at the top of a spec file or `describe`: starts a redis-server of its own before the first test (no
 * eviction; nothing kept over a restart unless `durable`) and ends it after the last.
 */
export function useRedis(options: { durable?: boolean } = {}): TestRedis {
  let server: RedisServer | undefined;

  beforeAll(async () => {
    server = await RedisServer.start(options);
  }, 30_000);

  afterAll(() => server?.kill9());

  const ready = (): RedisServer => {
    if (!server)
      throw new Error('Redis is started in beforeAll: use it there or later, not while the file loads.');
    return server;
  };
  return {
    get url() {
      return ready().url;
    },
    get port() {
      return ready().port;
    },
    kill9: () => ready().kill9(),
    restart: () => ready().restart(),
    flushAll: () => ready().flushAll(),
    command: (line) => ready().command(line),
  };
}
