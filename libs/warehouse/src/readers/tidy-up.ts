/** What happens to a connection behind a query, while nobody waits for it any longer. */
import type { ByteLimit } from './byte-limit';
import { within } from './deadline';
import type { Lease } from './project-pools';

/**
 * Some work of PostgreSQL can't be interrupted: a thousand products of numbers of 60,000 digits in one row. Its
 * connection is kept as long as that, so that no more such queries run at a time than a project has connections.
 */
const longestWorkMs = 15 * 60_000;
const tidyingMs = 5_000;

/** What a query's work left: an open transaction, a session that is being reset, or a connection of no more use. */
export type Left = 'open' | 'broken' | { reset: Promise<void> };

/** One query's connection, and what still happens on it. */
export interface Leftover {
  lease: Lease;
  bytes: ByteLimit;
  work: Promise<Left>;
}

export class Tidying {
  private readonly running = new Set<Promise<void>>();
  private readonly leases = new Set<Lease>();

  add(leftover: Leftover): void {
    const { lease } = leftover;
    const tidied: Promise<void> = tidyUp(leftover).finally(() => {
      this.running.delete(tidied);
      this.leases.delete(lease);
    });
    this.running.add(tidied);
    this.leases.add(lease);
  }

  /** Breaks off what is still at work. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.leases.forEach(breakOff), tidyingMs);
    await Promise.all(this.running);
    clearTimeout(timer);
  }
}

const tidyUp = async ({ lease, bytes, work }: Leftover): Promise<void> => {
  const left = await within(longestWorkMs, work).catch((): Left => 'broken');
  bytes.remove();
  if (left !== 'broken') {
    try {
      await within(tidyingMs, left === 'open' ? reset(lease) : left.reset);
      return lease.release(false);
    } catch {
      // It does not answer, or what it holds is unknown.
    }
  }
  breakOff(lease);
  lease.release(true);
};

/** DISCARD ALL forgets whatever a query could have left in the session. */
const reset = async ({ client }: Lease): Promise<void> => {
  await client.query('ROLLBACK');
  await client.query('DISCARD ALL');
};

const breakOff = ({ client }: Lease): void => void client.connection.stream.destroy();
