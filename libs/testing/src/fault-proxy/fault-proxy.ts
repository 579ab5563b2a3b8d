/** A TCP proxy that breaks connections on demand: between a service and its PostgreSQL or Redis, or anything else. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { watchCommits } from './postgres-replies';
import { ProxiedConnection } from './proxied-connection';
import type { ProxyMode } from './proxy-mode';
import { isRedisEnqueue, watchEnqueues } from './redis-replies';
import type { WatchProtocol } from './reply-watch';

export interface FaultProxyOptions {
  /** A URL (`postgresql://…`, `redis://…`) or host and port of what stands behind it. */
  target: string | { host: string; port: number };
  /** What is spoken, for `dropReply`: replies of COMMIT or of enqueueing. */
  protocol?: 'postgresql' | 'redis';
  /** For Redis: which commands count as enqueueing, by their words; every writing of a queue when not told. */
  isEnqueue?: (words: readonly string[]) => boolean;
}

export interface FaultProxy {
  readonly port: number;
  /** The target's URL, by way of the proxy. */
  readonly url: string;
  readonly connections: readonly ProxiedConnection[];
  /** For all connections, those there are and those to come. Resolves when it is in force. */
  setMode(mode: ProxyMode): Promise<void>;
  /** Resets all connections there are now, and tells how many; new ones are served. */
  resetAll(): number;
  /**
   * The next COMMIT (PostgreSQL) or enqueueing (Redis) reaches the server, but its reply never the client: the
   * connection is reset in its place. True when that happened, false when `signal` aborted before.
   */
  dropReply(signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export const startFaultProxy = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  const proxy = new TcpProxy(options);
  await proxy.listen(0);
  return proxy;
};

/** Told whether the reply was dropped. */
type Drop = (happened: boolean) => void;

class TcpProxy implements FaultProxy {
  port = 0;
  private readonly open = new Set<ProxiedConnection>();
  private readonly drops: Drop[] = [];
  private readonly target: { host: string; port: number };
  private mode: ProxyMode = { kind: 'pass' };
  private server: Server | undefined;

  constructor(private readonly options: FaultProxyOptions) {
    this.target = typeof options.target === 'string' ? addressOf(options.target) : options.target;
  }

  get url(): string {
    const { target } = this.options;
    if (typeof target !== 'string') return `tcp://127.0.0.1:${this.port}`;
    const url = new URL(target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  get connections(): readonly ProxiedConnection[] {
    return [...this.open];
  }

  async listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => this.accept(client));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private accept(client: Socket): void {
    if (this.mode.kind === 'reset') return void client.resetAndDestroy();
    let taken: Drop | undefined;
    const take = (): boolean => (taken = this.drops.shift()) !== undefined;
    const giveBack = (): void => {
      if (taken) this.drops.unshift(taken);
      taken = undefined;
    };
    const connection = new ProxiedConnection({
      client,
      target: this.target,
      modeOfAll: () => this.mode,
      watch: this.watchProtocol?.(take, giveBack),
      onLost: () => {
        taken?.(true);
        taken = undefined;
      },
      onEnd: () => {
        this.open.delete(connection);
        giveBack();
      },
    });
    this.open.add(connection);
  }

  private get watchProtocol(): WatchProtocol | undefined {
    const { protocol, isEnqueue = isRedisEnqueue } = this.options;
    if (protocol === 'postgresql') return watchCommits;
    return protocol === 'redis' ? watchEnqueues(isEnqueue) : undefined;
  }

  async setMode(mode: ProxyMode): Promise<void> {
    this.mode = mode;
    for (const connection of this.open) connection.modeChanged();
    if (mode.kind === 'refuse') await this.stopListening();
    else if (!this.server) await this.listen(this.port);
  }

  resetAll(): number {
    const { connections } = this;
    for (const connection of connections) connection.reset();
    return connections.length;
  }

  dropReply(signal?: AbortSignal): Promise<boolean> {
    if (!this.options.protocol)
      throw new Error('A proxy that is to drop replies has to be told its protocol.');
    return new Promise((resolve) => {
      this.drops.push(resolve);
      signal?.addEventListener('abort', () => {
        const place = this.drops.indexOf(resolve);
        if (place < 0) return;
        this.drops.splice(place, 1);
        resolve(false);
      });
    });
  }

  /** Connections there are go on, so the end of the listener is not waited for. */
  private async stopListening(): Promise<void> {
    this.server?.close();
    this.server = undefined;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.resetAll();
    if (!server) return;
    server.close();
    await once(server, 'close');
  }
}

const defaultPorts: Record<string, number> = {
  'postgresql:': 5432,
  'postgres:': 5432,
  'redis:': 6379,
  'http:': 80,
};

const addressOf = (target: string): { host: string; port: number } => {
  const { hostname, port, protocol } = new URL(target);
  return { host: hostname, port: Number(port) || (defaultPorts[protocol] ?? 0) };
};
