/**
 * Keeps one project's events in order: `seq` has no gaps, so a number that is missing was lost on the way and is fetched.
 * Pure of sockets and HTTP, which it is given.
 */
import type { ProjectEvent } from '@freshet/contracts';

export interface MissedEvents {
  items: ProjectEvent[];
  nextCursor: string | null;
  seq: number;
}

export interface FeedPorts {
  /** Events after `seq`, oldest first. */
  missed(after: number): Promise<MissedEvents>;
  deliver(event: ProjectEvent): void;
  /** So much was missed, or from so unknown a point, that whoever shows state reads it anew. */
  resync(): void;
}

/** Beyond this many missed events reading state anew is cheaper than replaying them. */
const replayAtMost = 1_000;

export class ProjectFeed {
  /** The last seq delivered; null before the first word from the server. */
  #last: number | null = null;
  #highest = 0;
  #repair: Promise<void> | null = null;
  #closed = false;

  constructor(private readonly ports: FeedPorts) {}

  get last(): number | null {
    return this.#last;
  }

  /** An event off the wire. Those without a seq (progress) are delivered as they come. */
  receive(event: ProjectEvent): void {
    if (this.#closed) return;
    if (event.seq === null) {
      this.ports.deliver(event);
      return;
    }
    if (this.#last !== null && event.seq <= this.#last) return;
    if (this.#repair === null && this.#last !== null && event.seq === this.#last + 1) {
      this.#last = event.seq;
      this.ports.deliver(event);
      return;
    }
    this.reached(event.seq);
  }

  /** The server's word that the project is at `seq`: on subscribing and by heartbeat. */
  reached(seq: number): void {
    if (this.#closed) return;
    this.#highest = Math.max(this.#highest, seq);
    if (this.#last === null) {
      // What the pages show was read before this point was known: some event may lie in between.
      this.#last = seq;
      this.ports.resync();
    } else if (this.#highest > this.#last) {
      this.#repair ??= this.#catchUp(this.#last).finally(() => (this.#repair = null));
    }
  }

  /** Resolves once nothing is being repaired. */
  async settled(): Promise<void> {
    await this.#repair;
  }

  close(): void {
    this.#closed = true;
  }

  async #catchUp(from: number): Promise<void> {
    let last = from;
    try {
      while (!this.#closed && last < this.#highest) {
        const missed = await this.ports.missed(last);
        if (this.#closed) return;
        this.#highest = Math.max(this.#highest, missed.seq);
        if (missed.seq - last > replayAtMost || missed.items.length === 0) {
          this.#last = last = Math.max(missed.seq, this.#highest);
          this.ports.resync();
          continue;
        }
        for (const event of missed.items) {
          if (event.seq === null || event.seq <= last) continue;
          this.#last = last = event.seq;
          this.ports.deliver(event);
        }
      }
    } catch {
      // The next heartbeat or reconnection tries again: `last` stays where it is.
    }
  }
}
