/** Starts a built service as the process it is in production, for tests of the whole system. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { freePort } from '../processes/free-port';
import { recordServer, testRunFolder } from '../processes/test-run';
import { waitFor } from '../timing/wait-for';

export interface ServiceOptions {
  /** Folder of the service under `dist/apps`, e.g. `sync`. */
  name: string;
  /** Beside PATH, and what every start says about memory, nothing is set that is not named here. */
  env?: Record<string, string>;
  /** The variable that tells the service where to listen: `PORT` (gateway) or `HEALTH_PORT`. */
  portVariable?: 'PORT' | 'HEALTH_PORT';
  /** Answers 200 once the service works; `/health/ready` when not told. */
  readyPath?: string;
  /** Another script to run than `dist/apps/<name>/main.js`. */
  script?: string;
  /** Milliseconds to become ready; 30,000 when not told. */
  timeout?: number;
}

export interface ServiceExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const workspace = path.resolve(__dirname, '../../../..');

/** What `npm start` tells services about memory; tools/start/memory.mjs says why. */
const memoryEnv = (name: string): Record<string, string> => {
  const file = readFileSync(path.join(workspace, 'tools/start/memory.json'), 'utf8');
  return (JSON.parse(file) as Record<string, Record<string, string>>)[name] ?? {};
};

export class RunningService {
  private child: ChildProcess | undefined;
  private exit: Promise<ServiceExit> | undefined;
  private readonly logFile: string;

  private constructor(
    private readonly options: ServiceOptions,
    readonly port: number,
  ) {
    this.logFile = path.join(mkdtempSync(path.join(testRunFolder(), `${options.name}-`)), 'service.log');
  }

  static async start(options: ServiceOptions): Promise<RunningService> {
    const service = await RunningService.create(options);
    await service.restart();
    return service;
  }

  /** With a port of its own, and not started yet. */
  static async create(options: ServiceOptions): Promise<RunningService> {
    return new RunningService(options, await freePort());
  }

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** All that the service has written so far, over restarts too. */
  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Whether it answers that it works and has what it needs. */
  async isReady(): Promise<boolean> {
    const { readyPath = '/health/ready' } = this.options;
    return fetch(`${this.url}${readyPath}`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Resolves when the process has ended, by itself or by a signal. */
  get exited(): Promise<ServiceExit> {
    return this.exit ?? Promise.resolve({ code: null, signal: null });
  }

  /** Sends the signal and waits for the end; SIGKILL when not told. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ServiceExit> {
    this.child?.kill(signal);
    return this.exited;
  }

  /** Ends it as an operator would and waits until it is gone. */
  stop(): Promise<ServiceExit> {
    return this.kill('SIGTERM');
  }

  /** Starts again on the same port, with other variables on top of the first ones when given, and waits until it is ready. */
  async restart(env: Record<string, string> = {}): Promise<void> {
    await this.kill();
    this.launch(env);
    const { name, readyPath = '/health/ready', timeout = 30_000 } = this.options;
    let ended: ServiceExit | undefined;
    void this.exited.then((exit) => (ended = exit));
    try {
      await waitFor(async () => ended !== undefined || (await this.isReady()), {
        timeout,
        what: `${name} to answer ${readyPath}`,
      });
      if (ended) throw new Error(`${name} ended at its start (code ${ended.code}, signal ${ended.signal})`);
    } catch (error) {
      await this.kill();
      throw new Error(`${(error as Error).message}\n${this.log.slice(-4000)}`, { cause: error });
    }
  }

  /** Starts the process and waits for nothing: for tests in which it may not become ready. */
  launch(env: Record<string, string> = {}): void {
    const { name, portVariable = 'PORT' } = this.options;
    const script = this.options.script ?? path.join(workspace, 'dist/apps', name, 'main.js');
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', script], {
      cwd: workspace,
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env.PATH,
        [portVariable]: String(this.port),
        ...memoryEnv(name),
        ...this.options.env,
        ...env,
      },
    });
    closeSync(log);
    this.child = child;
    this.exit = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    if (child.pid) recordServer(child.pid);
  }
}

/** Starts a built service and waits until it is ready; it is killed with the test run at the latest. */
export const spawnService = (options: ServiceOptions): Promise<RunningService> =>
  RunningService.start(options);
