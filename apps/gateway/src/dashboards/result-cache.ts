/** Results that are still right: kept under a key that names every revision they were read from, so that none can be stale. */
import { createHash } from 'node:crypto';
import { defaults } from '@freshet/contracts';
import type { ReadInput } from '@freshet/persistence';
import { mentionsClock, type BoundQuery, type QueryResult } from '@freshet/warehouse';

/** A result as it is sent: written once, however often it is asked for. */
export interface CachedResult {
  /** `"columns":[…],"rows":[…]` */
  body: Buffer;
  truncated: boolean;
  generatedAt: Date;
  /** Tables that changed while it was read: it may contain more than its as-of says, and is shown once only. */
  changed: string[];
}

export const cachedResult = (
  { columns, rows, truncated }: QueryResult,
  generatedAt: Date,
  changed: string[],
): CachedResult => ({
  body: Buffer.from(JSON.stringify({ columns, rows }).slice(1, -1)),
  truncated,
  generatedAt,
  changed,
});

export interface CacheKeyParts {
  organizationId: string;
  projectId: string;
  bound: Pick<BoundQuery, 'text'>;
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

export const dependsOnClock = (bound: Pick<BoundQuery, 'usesClock'>, params: readonly unknown[]): boolean =>
  bound.usesClock || params.some(mentionsClock);

const mostBytes = 64 * 1024 * 1024;
/** What an entry takes beside its body. */
const overhead = 1_000;

/** Least recently used results give way when all together grow too large. */
export class ResultCache<R extends CachedResult = CachedResult> {
  private readonly entries = new Map<string, R>();
  private bytes = 0;

  constructor(private readonly most = mostBytes) {}

  /** Null when it isn't there, or was read too long ago for a query that depends on the clock. */
  get(key: string, clockDependent: boolean, now: Date): R | null {
    const entry = this.entries.get(key);
    if (!entry) return null;
    const age = now.getTime() - entry.generatedAt.getTime();
    if (clockDependent && age > defaults.dashboard.clockDependentCache) return null;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  set(key: string, entry: R): void {
    this.remove(key);
    if (sizeOf(entry) > this.most / 4) return;
    this.entries.set(key, entry);
    this.bytes += sizeOf(entry);
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.most) break;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.bytes -= sizeOf(entry);
    this.entries.delete(key);
  }
}

const sizeOf = ({ body }: CachedResult): number => body.length + overhead;
