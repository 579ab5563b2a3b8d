/** Kills the sync service again and again while one connector syncs ninety days from a vendor that misbehaves, and compares in the end. */
import { randomBytes } from 'node:crypto';
import { setTimeout as moment } from 'node:timers/promises';
import { ApiClient } from '@freshet/sdk';
import { PostgresServer, RedisServer, RunningService, waitFor, type StandInFault } from '@freshet/testing';
import pg from 'pg';
import { pick, seeded, type Random } from '../harness/random';
import { runMigrate } from '../harness/run-migrate';
import { differenceOf, type Difference } from './compare';
import type { Days, Session, Trial } from './trial';
import { trials } from './trials';

export interface StormOptions {
  type: string;
  seed: number;
  kills: number;
  /** Days of the first pass. */
  days: number;
  tell(what: string): void;
}

export interface StormReport {
  type: string;
  kills: number;
  faults: number;
  runs: number;
  rows: number;
  seconds: number;
  differences: Difference[];
}

/** Milliseconds; short, so that work is taken over quickly. */
const lease = 3_000;
const names = ['gateway', 'sync', 'scheduler'] as const;
type Name = (typeof names)[number];

const faults: readonly StandInFault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429, retryAfter: '1' },
  { kind: 'truncate' },
  { kind: 'bad-gzip' },
  { kind: 'lose-answer' },
  { kind: 'repeat' },
];

export const storm = async (options: StormOptions): Promise<StormReport> => {
  const start = trials[options.type];
  if (!start)
    throw new Error(`There is no trial of ${options.type}; there are ${Object.keys(trials).join(', ')}.`);
  const began = Date.now();
  const vendorsNow = new Date();
  const trial = await start(() => vendorsNow);
  const [postgres, redis] = await Promise.all([PostgresServer.start(), RedisServer.start({ durable: true })]);
  const installation = await Installation.start(postgres.url, redis.url, trial.env);
  try {
    const storming = new Storm(installation, trial, options, vendorsNow);
    return { ...(await storming.pass()), seconds: Math.round((Date.now() - began) / 1_000) };
  } finally {
    await installation.close();
    await Promise.all([trial.close(), postgres.stopImmediately(), redis.kill9()]);
  }
};

class Storm {
  private readonly random: Random;
  private killed = 0;
  private faulted = 0;
  private runs = 1;

  constructor(
    private readonly at: Installation,
    private readonly trial: Trial,
    private readonly options: StormOptions,
    private readonly vendorsNow: Date,
  ) {
    this.random = seeded(options.seed);
  }

  async pass(): Promise<Omit<StormReport, 'seconds'>> {
    const { trial, at, options } = this;
    const { projectId, session } = at;
    const source = await session.api.call('createSource', {
      params: { projectId },
      body: {
        type: trial.type,
        name: trial.type,
        config: trial.config,
        streams: Object.keys(trial.truth),
        firstWindowDays: options.days,
        ...(await trial.connect(session)),
      },
    });
    while (this.killed < options.kills) await this.strike(source.id);
    trial.recover();
    await this.untilWhole(source.id);
    const { account } = await session.api.call('getSource', { params: { id: source.id } });
    const days = this.daysIn(account?.timeZone ?? 'UTC');
    const differences: Difference[] = [];
    let rows = 0;
    for (const [stream, truth] of Object.entries(trial.truth)) {
      const expected = truth(days);
      rows += expected.length;
      const difference = await differenceOf(at.pool, source.id, stream, expected);
      if (difference) differences.push(difference);
    }
    return { type: trial.type, kills: this.killed, faults: this.faulted, runs: this.runs, rows, differences };
  }

  /** The vendor misbehaves for a moment, and then the service is killed at some point of its work. */
  private async strike(sourceId: string): Promise<void> {
    const run = await this.current(sourceId);
    if (!['queued', 'running', 'waiting'].includes(run.status)) await this.ask(sourceId, { full: true });
    await waitFor(async () => (await this.current(sourceId)).status === 'running', {
      timeout: 60_000,
      interval: 50,
      what: 'the run to be taken up',
    });
    for (let count = pick(this.random, 3); count > 0; count--) {
      this.trial.fail(faults[pick(this.random, faults.length)] ?? { kind: 'truncate' });
      this.faulted += 1;
    }
    await moment(50 + pick(this.random, 1_500));
    await this.at.killSync();
    this.killed += 1;
    this.options.tell(`${this.trial.type}: killed ${this.killed} of ${this.options.kills} times`);
  }

  /** A run that the vendor's faults ended is asked for again, as a person would. */
  private async untilWhole(sourceId: string): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      const ended = await waitFor(
        async () => {
          const run = await this.current(sourceId);
          return ['completed', 'failed', 'cancelled'].includes(run.status) && run;
        },
        { timeout: 600_000, interval: 200, what: 'the sync to end' },
      );
      if (ended.status === 'completed') return;
      this.options.tell(`${this.trial.type}: ${ended.error?.message ?? ended.status}`);
      await this.ask(sourceId, {});
    }
    throw new Error(`${this.trial.type} does not complete, although nothing is wrong any more.`);
  }

  private async current(sourceId: string) {
    const { items } = await this.at.session.api.call('listSourceRuns', {
      params: { id: sourceId },
      query: { limit: 1 },
    });
    if (!items[0]) throw new Error('The source has no run.');
    return items[0];
  }

  private async ask(sourceId: string, body: { full?: boolean }): Promise<void> {
    await this.at.session.api.call('startSync', { params: { id: sourceId }, body });
    this.runs += 1;
  }

  private daysIn(timeZone: string): Days {
    const day = (shift: number): string =>
      new Date(
        Date.parse(`${new Intl.DateTimeFormat('sv-SE', { timeZone }).format(this.vendorsNow)}T00:00:00Z`) +
          shift * 86_400_000,
      )
        .toISOString()
        .slice(0, 10);
    return { from: day(-this.options.days), to: day(1) };
  }
}

/** Freshet as far as syncing needs it; the sync service is started again whenever it was killed. */
class Installation {
  private constructor(
    private readonly services: Record<Name, RunningService>,
    readonly pool: pg.Pool,
    readonly session: Session,
    readonly projectId: string,
  ) {}

  static async start(
    postgresUrl: string,
    redisUrl: string,
    more: Record<string, string>,
  ): Promise<Installation> {
    const owner = new pg.Client({ connectionString: postgresUrl });
    await owner.connect();
    await owner.query('create database freshet');
    await owner.end();
    const env = {
      NODE_ENV: 'test', LOG_LEVEL: 'warn', DATABASE_URL: new URL('/freshet', postgresUrl).href, REDIS_URL: redisUrl,
      FRESHET_MASTER_KEY: randomBytes(32).toString('base64url'), FRESHET_INSTALLATION: 'storm', FRESHET_ALLOW_HOSTS: '127.0.0.1',
      FRESHET_LEASE_MS: String(lease), FRESHET_DEMO: '1', ...more,
    }; // prettier-ignore
    await runMigrate(env);
    const started = await Promise.all(
      names.map(async (name) => {
        const portVariable = name === 'gateway' ? 'PORT' : 'HEALTH_PORT';
        return [name, await RunningService.start({ name, env, portVariable, timeout: 60_000 })] as const;
      }),
    );
    const services = Object.fromEntries(started) as Record<Name, RunningService>;
    const session = await signUp(services.gateway.url);
    const project = await session.api.call('createProject', { body: { name: 'Growth' } });
    return new Installation(
      services,
      new pg.Pool({ connectionString: env.DATABASE_URL, max: 2 }),
      session,
      project.id,
    );
  }

  async killSync(): Promise<void> {
    await this.services.sync.kill('SIGKILL');
    await this.services.sync.exited;
    this.services.sync.launch({});
    await waitFor(() => this.services.sync.isReady(), {
      timeout: 60_000,
      interval: 50,
      what: 'sync to be ready again',
    });
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.services).map((service) => service.kill()));
    await this.pool.end();
  }
}

const signUp = async (url: string): Promise<Session> => {
  const body = {
    organizationName: 'Acme',
    name: 'Olivia Owner',
    email: 'owner@acme.example',
    password: randomBytes(12).toString('base64url'),
  };
  const answer = await new ApiClient(url, null).send('setUp', { body });
  if (!answer.ok) throw new Error(`Setting up answered ${answer.status}: ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return { url, cookie, api: new ApiClient(url, { cookie }) };
};
