/** The last good result of each question and the charts of each dashboard, for when the database can't be reached (spec DB7). */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DashboardQueries } from '@freshet/persistence';
import { Redis } from 'ioredis';
import type { Facts, Question } from './project-view';
import { ResultCache, type CachedResult } from './result-cache';

export interface GoodResult extends CachedResult {
  facts: Facts;
}

const memory = { bytes: 32 * 1024 * 1024, dashboards: 1_000 };
/** In Redis, for a gateway that was started anew: for one organization at most this many, each at most so many bytes. */
const stored = { entries: 100, bytes: 128 * 1024, seconds: 24 * 3_600 };
/** One question's result is not stored more often. */
const storeInterval = 30_000;

/** Keeps an organization's newest entries: each under its own key, all of them in order of time beside. */
const keepScript = `
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
redis.call('ZADD', KEYS[1], redis.call('TIME')[1], KEYS[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
for _, gone in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1 - tonumber(ARGV[3]))) do redis.call('DEL', gone) end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[3]))
`;

interface StoredResult extends Omit<GoodResult, 'body' | 'generatedAt'> {
  body: string;
  generatedAt: string;
}

@Injectable()
export class LastGood {
  private readonly results = new ResultCache<GoodResult>(memory.bytes);
  private readonly dashboards = new Map<string, DashboardQueries>();
  private readonly storedAt = new Map<string, number>();

  constructor(@Inject(Redis) private readonly redis: Redis) {}

  keep(organizationId: string, projectId: string, question: Question, result: GoodResult): void {
    const key = resultKey(organizationId, projectId, question);
    this.results.set(key, result);
    if (result.body.length > stored.bytes) return;
    this.store(organizationId, key, () => {
      const { body, generatedAt, ...rest } = result;
      const plain: StoredResult = { ...rest, body: body.toString(), generatedAt: generatedAt.toISOString() };
      return JSON.stringify(plain);
    });
  }

  async find(organizationId: string, projectId: string, question: Question): Promise<GoodResult | null> {
    const key = resultKey(organizationId, projectId, question);
    const known = this.results.get(key, false, new Date(0));
    if (known) return known;
    const found = await this.load<StoredResult>(key);
    return found && { ...found, body: Buffer.from(found.body), generatedAt: new Date(found.generatedAt) };
  }

  keepDashboard(organizationId: string, id: string, queries: DashboardQueries): void {
    const key = dashboardKey(organizationId, id);
    this.dashboards.delete(key);
    this.dashboards.set(key, queries);
    const [oldest] = this.dashboards.keys();
    if (this.dashboards.size > memory.dashboards && oldest !== undefined) this.dashboards.delete(oldest);
    this.store(organizationId, key, () => JSON.stringify(queries));
  }

  async findDashboard(organizationId: string, id: string): Promise<DashboardQueries | null> {
    const key = dashboardKey(organizationId, id);
    return this.dashboards.get(key) ?? (await this.load<DashboardQueries>(key));
  }

  private store(organizationId: string, key: string, text: () => string): void {
    const now = performance.now();
    if (now - (this.storedAt.get(key) ?? -storeInterval) < storeInterval) return;
    this.storedAt.delete(key);
    this.storedAt.set(key, now);
    for (const [old, at] of this.storedAt) {
      if (now - at < storeInterval) break;
      this.storedAt.delete(old);
    }
    const all = `freshet:last-good:${organizationId}`;
    // Without Redis there is one fallback less; nobody has to wait for that, nor be told.
    this.redis.eval(keepScript, 2, all, key, text(), stored.seconds, stored.entries).catch(() => undefined);
  }

  private async load<T>(key: string): Promise<T | null> {
    const text = await this.redis.get(key).catch(() => null);
    return text === null ? null : (JSON.parse(text) as T);
  }
}

const resultKey = (organizationId: string, projectId: string, { sql, params }: Question): string =>
  `freshet:last-good:${organizationId}:result:${createHash('sha256')
    .update(JSON.stringify([projectId, sql, params]))
    .digest('base64url')}`;

const dashboardKey = (organizationId: string, id: string): string =>
  `freshet:last-good:${organizationId}:dashboard:${id}`;
