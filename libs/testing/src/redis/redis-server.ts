/** One redis-server process that tests may kill and start again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, openSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';

import { freePort } from '../processes/free-port';
import { recordServer, testRunFolder } from '../processes/test-run';
import { waitFor } from '../timing/wait-for';

/** `FRESHET_REDIS_SERVER`, else the first of redis-server and valkey-server on PATH. */
export function redisBinary(): string {
  if (process.env.FRESHET_REDIS_SERVER) return process.env.FRESHET_REDIS_SERVER;
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  throw new Error('No redis-server on PATH: install Redis, or run the tests by `npm test`, which gets one.');
}

export class RedisServer {
  private process: ChildProcess | undefined;
  private readonly folder = mkdtempSync(path.join(testRunFolder(), 'redis-'));

  private constructor(
    readonly port: number,
    private readonly durable: boolean,
  ) {}

  /** Starts on a free port; when another process took it meanwhile, tries the next. */
  static async start({ durable = false }: { durable?: boolean } = {}): Promise<RedisServer> {
    for (let attempt = 1; ; attempt++) {
      const server = new RedisServer(await freePort(), durable);
      try {
        await server.run();
        return server;
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends the process as a power cut would; returns when it is gone. */
  async kill9(): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }

  /** Starts again on the same port, killing first when it still runs. Without `durable` the data is lost. */
  async restart(): Promise<void> {
    await this.kill9();
    await this.run();
  }

  /**
   * Cuts so many bytes off the end of what a durable server has written, as when a crash of the machine loses what was
   * not on the disk yet. To be called between `kill9` and `restart`. Returns the bytes that were there to cut.
   */
  loseTail(bytes: number): number {
    if (this.process) throw new Error('A running Redis keeps its file: kill it before its tail is cut off.');
    const folder = path.join(this.folder, 'appendonlydir');
    const increment = readdirSync(folder)
      .filter((name) => name.endsWith('.incr.aof'))
      .sort()
      .at(-1);
    if (!increment) return 0;
    const file = path.join(folder, increment);
    const { size } = statSync(file);
    truncateSync(file, Math.max(0, size - bytes));
    return Math.min(bytes, size);
  }

  async flushAll(): Promise<void> {
    const isEmpty = async (): Promise<boolean> => (await this.command('FLUSHALL')).startsWith('+OK');
    // One that has just been started refuses while it reads its data.
    await waitFor(isEmpty, { timeout: 30_000, what: 'Redis to be emptied' });
  }

  /** Sends one inline command, e.g. `INFO server`, and returns the answer as Redis wrote it, when it is short. */
  command(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(`${line}\r\n`));
      socket.once('error', reject);
      socket.once('data', (data) => {
        socket.end();
        const answer = data.toString();
        if (answer.startsWith('-')) reject(new Error(`Redis answered ${answer.trim()} to ${line}`));
        else resolve(answer);
      });
    });
  }

  private async run(): Promise<void> {
    const log = openSync(path.join(this.folder, 'redis.log'), 'a');
    const options = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.folder,
      save: '',
      appendonly: this.durable ? 'yes' : 'no',
      appendfsync: 'always',
      'aof-load-truncated': 'yes',
      'maxmemory-policy': 'noeviction',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(redisBinary(), args, { stdio: ['ignore', log, log] });
    this.process = child;
    if (child.pid) recordServer(child.pid);
    const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
    await waitFor(async () => hasEnded() || (await this.answersAs(child.pid)), {
      timeout: 30_000,
      what: `Redis on port ${this.port}`,
    });
    if (hasEnded()) throw new Error(`Redis ended at once with ${child.exitCode ?? child.signalCode}.`);
  }

  /** Another process may have taken the port meanwhile; and while it reads its data, Redis refuses all but INFO. */
  private async answersAs(pid: number | undefined): Promise<boolean> {
    const isOurs = (await this.command('INFO server')).includes(`process_id:${pid}\r\n`);
    return isOurs && (await this.command('PING')).startsWith('+PONG');
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
