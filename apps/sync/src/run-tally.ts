/** Counts what a run has read over all of its slices and attempts, and ends it when too much of it was of no use (spec SY13). */
import { defaults, FreshetError } from '@freshet/contracts';
import type { RejectedRow } from '@freshet/warehouse';

const { share, rows: fewest } = defaults.sync.rejects;

export interface Counted {
  received: number;
  rejected: number;
}

export class RunTally {
  private received = 0;
  private rejected = 0;
  private readonly streams = new Set<string>();

  /** What earlier attempts had. */
  add({ received, rejected }: Counted): void {
    this.received += received;
    this.rejected += rejected;
  }

  /** Before the commit of a slice. Throws `too_many_rejects`, with some of them */
  check(slice: Counted, rejects: readonly RejectedRow[]): void {
    const rejected = this.rejected + slice.rejected;
    const received = this.received + slice.received;
    if (rejected <= Math.max(fewest, share * received)) return;
    throw new FreshetError(
      'too_many_rejects',
      `${rejected} of the ${received} rows that this sync read so far could not be loaded.`,
      {
        action: 'Look at the rejected rows, correct them at the source, and sync again.',
        extra: { rejects: rejects.slice(0, 20) },
      },
    );
  }

  committed(streamId: string, slice: Counted): void {
    this.add(slice);
    this.streams.add(streamId);
  }

  /** Whether this attempt committed anything, of that stream or of any. */
  hasCommitted(streamId?: string): boolean {
    return streamId === undefined ? this.streams.size > 0 : this.streams.has(streamId);
  }
}
