import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { useRedis } from '../redis/use-redis';
import { waitFor } from '../timing/wait-for';
import { startFaultProxy, type FaultProxy } from './fault-proxy';

/** A client that shows the very bytes. */
class Wire {
  received = '';
  ended = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (data) => (this.received += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.ended = true));
  }

  /** Sends commands in one piece, as clients pipeline them. */
  send(...commands: string[]): void {
    const words = (command: string): string[] => command.split(' ');
    const wire = (command: string): string =>
      `*${words(command).length}\r\n${words(command)
        .map((word) => `$${word.length}\r\n${word}\r\n`)
        .join('')}`;
    this.socket.write(commands.map(wire).join(''));
  }

  gets(text: string): Promise<true> {
    return waitFor(() => this.received === text, { what: `${JSON.stringify(text)} to arrive` });
  }

  ends(): Promise<true> {
    return waitFor(() => this.ended, { what: 'the connection to end' });
  }
}

describe('a fault proxy before Redis', () => {
  const redis = useRedis();
  let proxy: FaultProxy;

  const open = async (): Promise<Wire> => {
    const socket = connect(proxy.port, '127.0.0.1');
    await once(socket, 'connect');
    return new Wire(socket);
  };

  beforeAll(async () => {
    proxy = await startFaultProxy({ target: redis.url, protocol: 'redis' });
  });
  afterEach(() => redis.flushAll());
  afterAll(() => proxy.close());

  it('loses the reply of an enqueue that Redis has carried out, and no reply before it', async () => {
    const wire = await open();
    const dropped = proxy.dropReply();
    wire.send('SET a 1', 'GET a', 'LPUSH queue job', 'PING');
    await expect(dropped).resolves.toBe(true);
    await wire.ends();
    expect(wire.received).toBe('+OK\r\n$1\r\n1\r\n');
    expect(await redis.command('LLEN queue')).toBe(':1\r\n');
  });

  it('lets a whole MULTI be carried out whose EXEC brings about the enqueueing', async () => {
    const wire = await open();
    const dropped = proxy.dropReply();
    wire.send('MULTI', 'XADD stream * name job', 'ZADD set 1 job', 'EXEC');
    await expect(dropped).resolves.toBe(true);
    await wire.ends();
    expect(wire.received).toBe('+OK\r\n+QUEUED\r\n+QUEUED\r\n');
    expect(await redis.command('XLEN stream')).toBe(':1\r\n');
  });

  it('gives an error on, since nothing was enqueued, and waits for the next', async () => {
    const wire = await open();
    const dropped = proxy.dropReply();
    wire.send('EVALSHA 0123456789012345678901234567890123456789 0');
    await waitFor(() => wire.received.startsWith('-NOSCRIPT'));
    wire.received = '';
    wire.send('LPUSH queue job');
    await expect(dropped).resolves.toBe(true);
    expect(wire.received).toBe('');
  });

  it('understands replies that hold others, in pieces and in the newer protocol', async () => {
    const wire = await open();
    wire.send('HELLO 3', 'HSET h f v', 'HGETALL h');
    await waitFor(() => wire.received.endsWith(':1\r\n%1\r\n$1\r\nf\r\n$1\r\nv\r\n'));
    await proxy.setMode({ kind: 'throttle', bytesPerSecond: 400 });
    const dropped = proxy.dropReply();
    wire.received = '';
    wire.send('HGETALL h', 'RPUSH queue job');
    await expect(dropped).resolves.toBe(true);
    expect(wire.received).toBe('%1\r\n$1\r\nf\r\n$1\r\nv\r\n');
    await proxy.setMode({ kind: 'pass' });
  });

  it('takes for an enqueue only what it is told to', async () => {
    const choosy = await startFaultProxy({
      target: redis.url,
      protocol: 'redis',
      isEnqueue: (words) => words.includes('mine'),
    });
    const socket = connect(choosy.port, '127.0.0.1');
    await once(socket, 'connect');
    const wire = new Wire(socket);
    const dropped = choosy.dropReply();
    wire.send('LPUSH queue other');
    await wire.gets(':1\r\n');
    wire.send('LPUSH queue mine');
    await expect(dropped).resolves.toBe(true);
    await choosy.close();
  });
});
