/** Connections as projects' readers: few small pools, of which the least recently used gives way. */
import { Pool, type PoolClient } from 'pg';
import { FreshetError } from '@freshet/contracts';

import { readRole } from '../names';
import { startupOptions } from '../gate/session-settings';
import { Overdue, within } from './deadline';
import { rolePassword } from '../roles/role-password';
import type { ReaderOptions } from './reader-types';

const connectTimeoutMs = 10_000;
const idleTimeoutMs = 30_000;

interface ProjectPool {
  pool: Pool;
  leases: number;
}

/** A connection that one query has for itself. */
export interface Lease {
  client: PoolClient;
  /** `broken`: the connection is closed rather than used again. */
  release(broken: boolean): void;
}

export class ProjectPools {
  private readonly pools = new Map<string, ProjectPool>();
  private readonly waiting: (() => void)[] = [];
  private closed = false;

  constructor(private readonly options: ReaderOptions) {}

  /** Waits for a connection as long as `timeoutMs`; throws `unavailable`. */
  async lease(projectId: string, timeoutMs: number): Promise<Lease> {
    const deadline = Date.now() + timeoutMs;
    const entry = await this.entry(projectId, deadline);
    const connecting = entry.pool.connect();
    try {
      const client = await within(deadline - Date.now(), connecting);
      // A connection that breaks while nothing runs on it must not end the process.
      client.on('error', ignore);
      return {
        client,
        release: (broken) => {
          client.off('error', ignore);
          client.release(broken);
          this.giveBack(entry);
        },
      };
    } catch (error) {
      // One that comes too late is for the next.
      void connecting.then((client) => client.release(), ignore).then(() => this.giveBack(entry));
      throw error instanceof Overdue ? busy() : error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wakeAll();
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map(({ pool }) => pool.end()));
  }

  private async entry(projectId: string, deadline: number): Promise<ProjectPool> {
    for (;;) {
      if (this.closed) throw unavailable('This service is shutting down. Try again in a moment.');
      const known = this.pools.get(projectId);
      if (known || this.pools.size < this.options.maxPools) {
        const entry = known ?? { pool: this.open(projectId), leases: 0 };
        entry.leases++;
        // A Map keeps the order of insertion: the most recently used is last.
        this.pools.delete(projectId);
        this.pools.set(projectId, entry);
        return entry;
      }
      const idle = [...this.pools].find(([, { leases }]) => leases === 0);
      if (idle) {
        this.pools.delete(idle[0]);
        await idle[1].pool.end();
      } else await this.nextRelease(deadline);
    }
  }

  private open(projectId: string): Pool {
    const { connection, installation, masterKey, poolSize } = this.options;
    const user = readRole(installation, projectId);
    const pool = new Pool({
      ...connection,
      user,
      password: rolePassword(masterKey, user),
      max: poolSize,
      connectionTimeoutMillis: connectTimeoutMs,
      idleTimeoutMillis: idleTimeoutMs,
      // A server that is gone is noticed in about 20 s, however long a query may take.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      options: startupOptions,
      application_name: 'freshet reader',
    });
    pool.on('error', ignore);
    return pool;
  }

  private giveBack(entry: ProjectPool): void {
    entry.leases--;
    if (entry.leases === 0) this.wakeAll();
  }

  private wakeAll(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  private nextRelease(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(busy()), Math.max(0, deadline - Date.now()));
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

const ignore = (): void => undefined;
const unavailable = (message: string): FreshetError => new FreshetError('unavailable', message);
const busy = (): FreshetError => unavailable('All connections for queries are busy. Try again in a moment.');
