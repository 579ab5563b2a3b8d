/** Results that are still right: kept under a key that names every revision they were read from, so that none can be stale. */
import { createHash } from 'node:crypto';
import { defaults } from '@freshet/contracts';
import type { ReadInput } from '@freshet/persistence';
import { mentionsClock, type BoundQuery, type QueryResult } from '@freshet/warehouse';

export interface CachedResult {
  result: QueryResult;
  generatedAt: Date;
  /** Roughly, in bytes. */
  size: number;
}

export interface CacheKeyParts {
  organizationId: string;
  projectId: string;
  bound: BoundQuery;
  inputs: readonly ReadInput[];
  params: readonly unknown[];
}

/** Versions stand in the bound text; stream tables change in place, so their revisions, read before the rows, are added. */
export function cacheKey({ organizationId, projectId, bound, inputs, params }: CacheKeyParts): string {
  const revisions = inputs.map(({ kind, id, value }) => `${kind}:${id}=${value}`);
  return createHash('sha256')
    .update(JSON.stringify([organizationId, projectId, bound.text, revisions, params]))
    .digest('base64url');
}

export const dependsOnClock = (bound: BoundQuery, params: readonly unknown[]): boolean =>
  bound.usesClock || params.some(mentionsClock);

const mostBytes = 64 * 1024 * 1024;

/** Least recently used results give way when all together grow too large. */
export class ResultCache {
  private readonly entries = new Map<string, CachedResult>();
  private bytes = 0;

  constructor(private readonly most = mostBytes) {}

  /** Null when it isn't there, or was read too long ago for a query that depends on the clock. */
  get(key: string, clockDependent: boolean, now: Date): CachedResult | null {
    const entry = this.entries.get(key);
    if (!entry) return null;
    if (
      clockDependent &&
      now.getTime() - entry.generatedAt.getTime() > defaults.dashboard.clockDependentCache
    )
      return null;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: CachedResult): void {
    this.remove(key);
    if (entry.size > this.most / 4) return;
    this.entries.set(key, entry);
    this.bytes += entry.size;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.most) break;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    this.bytes -= this.entries.get(key)?.size ?? 0;
    this.entries.delete(key);
  }
}

/** Counts a sample, since measuring all cells would take as long as sending them. */
export function sizeOf({ rows }: QueryResult): number {
  const sample = rows.slice(0, 50);
  const bytes = sample.length === 0 ? 0 : JSON.stringify(sample).length / sample.length;
  return Math.ceil(bytes * rows.length * 2) + 1_000;
}
