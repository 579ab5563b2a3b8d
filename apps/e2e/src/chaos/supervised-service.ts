/** One service as a supervisor keeps it: behind proxies of its own, killed on purpose, and started again whenever it ends. */
import { setTimeout as moment } from 'node:timers/promises';
import { Failpoints, RunningService, waitFor, type FaultProxy } from '@freshet/testing';
import type { FailpointName } from '@freshet/service-kit';
import type { ServiceName } from '../harness/use-freshet';
import type { Disturbances } from './disturbances';
import type { Findings } from './findings';

export interface SupervisedParts {
  name: ServiceName;
  service: RunningService;
  postgres: FaultProxy;
  redis: FaultProxy;
  disturbances: Disturbances;
  findings: Findings;
  /** Told of each end that was brought about on purpose. */
  onKill: (what: string) => void;
}

export interface Arming {
  point: FailpointName;
  /** Strikes at this visit. */
  visit: number;
}

const restartAfter = 200;
/** One that is killed whenever it has just begun gets nothing done, which would prove nothing. */
const workBetween = 1_500;

export class SupervisedService {
  private armed: Arming | undefined;
  private isKilled = false;
  private isClosing = false;
  private wasReady = false;
  /** Of `Date.now()`. */
  private startedAt = 0;
  private readySince = Infinity;
  private endOutage: () => void = () => undefined;
  /** How it is to be started next. */
  private next: { arming?: Arming; after: number } = { after: restartAfter };

  constructor(private readonly parts: SupervisedParts) {}

  get name(): ServiceName {
    return this.parts.name;
  }

  get url(): string {
    return this.parts.service.url;
  }

  get postgres(): FaultProxy {
    return this.parts.postgres;
  }

  get redis(): FaultProxy {
    return this.parts.redis;
  }

  get pid(): number | undefined {
    return this.parts.service.pid;
  }

  get log(): string {
    return this.parts.service.log;
  }

  start(): void {
    const { service, name, disturbances } = this.parts;
    this.armed = this.next.arming;
    this.next = { after: restartAfter };
    this.isKilled = this.wasReady = false;
    this.startedAt = Date.now();
    this.endOutage();
    this.endOutage = disturbances.begin(name);
    const env = this.armed
      ? new Failpoints().arm(this.armed.point, 'kill', this.armed.visit).env
      : { FRESHET_FAILPOINTS: '' };
    service.launch(env);
    void service.exited.then((exit) => this.ended(exit.code, exit.signal));
    void this.untilReady();
  }

  /** Once it is ready, what happens to it counts as its own doing. */
  private async untilReady(): Promise<void> {
    const { pid } = this;
    const isOver = (): boolean => this.pid !== pid || this.isKilled || this.isClosing;
    await waitFor(async () => isOver() || (await this.parts.service.isReady()), {
      timeout: 120_000,
      interval: 100,
    }).catch(() => this.parts.findings.add(`${this.name} did not become ready within 120 s.`));
    if (isOver()) return;
    this.wasReady = true;
    this.readySince = Date.now();
    this.endOutage();
  }

  /** Resolves when it is started and ready. */
  async ready(timeout = 120_000): Promise<void> {
    await waitFor(() => this.wasReady && !this.isKilled, {
      timeout,
      interval: 50,
      what: `${this.name} to be ready`,
    });
  }

  /** Whether it is ready and has been for a while: at the least as long as it took to start, which is long on a busy machine. */
  get isAtWork(): boolean {
    const { startedAt, readySince } = this;
    const least = Math.max(workBetween, readySince - startedAt);
    return this.wasReady && !this.isKilled && Date.now() - readySince >= least;
  }

  /** Whether a failpoint waits to strike. */
  get isArmed(): boolean {
    return this.armed !== undefined;
  }

  /** SIGKILL. It is started again after that many milliseconds, armed if told so. */
  async kill(after: number, arming?: Arming): Promise<void> {
    this.next = { after, ...(arming && { arming }) };
    this.markKilled();
    await this.parts.service.kill('SIGKILL');
  }

  private markKilled(): void {
    if (this.isKilled) return;
    this.isKilled = true;
    this.endOutage();
    this.endOutage = this.parts.disturbances.begin(this.name);
  }

  /** SIGSTOP, and SIGCONT after that many milliseconds: the process knows nothing of the time between. */
  async freeze(milliseconds: number): Promise<void> {
    const { pid } = this;
    if (pid === undefined) return;
    await this.parts.disturbances.during(this.name, async () => {
      if (!signal(pid, 'SIGSTOP')) return;
      await moment(milliseconds);
      signal(pid, 'SIGCONT');
    });
  }

  /** After the storm: what is still armed is disarmed by one more start, and all are ready. */
  async settle(): Promise<void> {
    await this.ready();
    if (!this.isArmed) return;
    await this.kill(0);
    await waitFor(() => !this.isArmed, { what: `${this.name} to be disarmed` });
    await this.ready();
  }

  private ended(code: number | null, by: NodeJS.Signals | null): void {
    if (this.isClosing) return;
    const { findings, disturbances, onKill, name } = this.parts;
    const struck = this.armed && !this.isKilled && by === 'SIGKILL' ? this.armed : undefined;
    if (struck) {
      findings.count(`struck ${struck.point}`);
      onKill(`${name} at ${struck.point}`);
    } else if (!this.isKilled) {
      const starting =
        !this.wasReady &&
        disturbances.explain(Date.now() - 30_000, Date.now(), ['postgres', 'redis', 'locks']);
      if (starting) findings.count('starts that failed');
      else findings.add(`${name} ended by itself (code ${code}, signal ${by}): ${this.log.slice(-1_500)}`);
    }
    this.markKilled();
    void moment(this.next.after).then(() => !this.isClosing && this.start());
  }

  async close(): Promise<void> {
    this.isClosing = true;
    if (this.pid !== undefined) signal(this.pid, 'SIGCONT');
    await this.parts.service.kill('SIGKILL');
    await Promise.all([this.postgres.close(), this.redis.close()]);
  }
}

/** False when the process is gone. */
const signal = (pid: number, name: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
};
