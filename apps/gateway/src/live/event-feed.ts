/** Brings each watched project's events out of PostgreSQL, complete and in the order of their `seq`. */
import type { ProjectEvent } from '@freshet/contracts';

export interface EventStore {
  /** Events after a place, in order, at most `limit`. */
  list(projectId: string, after: number, limit: number): Promise<ProjectEvent[]>;
  /** The place of each project's latest event. */
  seqs(projectIds: readonly string[]): Promise<Map<string, number>>;
}

export interface FeedOptions {
  store: EventStore;
  deliver: (event: ProjectEvent) => void;
  onError: (err: unknown) => void;
}

interface Watched {
  /** Place of the last event that was delivered. */
  sent: number;
  /** Place of the last event that is known to exist. */
  known: number;
  pumping: Promise<void> | undefined;
}

const batch = 200;

/**
 * A notification only says that there is something: what is delivered is always read from the table after the last
 * place delivered. So a lost, doubled or early notification does no harm.
 */
export class EventFeed {
  private readonly projects = new Map<string, Watched>();
  private readonly opening = new Map<string, Promise<void>>();

  constructor(private readonly options: FeedOptions) {}

  get watched(): string[] {
    return [...this.projects.keys()];
  }

  /** Delivers everything that happens from now on. */
  async watch(projectId: string): Promise<void> {
    if (this.projects.has(projectId)) return;
    let opening = this.opening.get(projectId);
    if (!opening) {
      opening = this.open(projectId).finally(() => this.opening.delete(projectId));
      this.opening.set(projectId, opening);
    }
    await opening;
  }

  unwatch(projectId: string): void {
    this.projects.delete(projectId);
  }

  /** Somebody says that the project's events have got this far. */
  notified(projectId: string, seq: number): void {
    const watched = this.projects.get(projectId);
    if (!watched || seq <= watched.known) return;
    watched.known = seq;
    this.pump(projectId, watched);
  }

  /** Looks for what was missed; answers how far each watched project's events have got. */
  async catchUp(): Promise<Map<string, number>> {
    const seqs = await this.options.store.seqs(this.watched);
    for (const [projectId, seq] of seqs) this.notified(projectId, seq);
    return seqs;
  }

  /** Delivers what is on its way; for an orderly end. */
  async settled(): Promise<void> {
    await Promise.all([...this.projects.values()].map(({ pumping }) => pumping));
  }

  private async open(projectId: string): Promise<void> {
    const seq = (await this.options.store.seqs([projectId])).get(projectId) ?? 0;
    this.projects.set(projectId, { sent: seq, known: seq, pumping: undefined });
  }

  private pump(projectId: string, watched: Watched): void {
    // A read may have brought more than was known of: then there is nothing left to fetch.
    if (!watched.pumping && watched.sent < watched.known) watched.pumping = this.run(projectId, watched);
  }

  /** Nothing may come between the last look at `known` and the end of `pumping`: what is notified there would be lost. */
  private async run(projectId: string, watched: Watched): Promise<void> {
    try {
      while (watched.sent < watched.known) {
        // What is committed while the table is read may be missing from the answer: only this far it is complete.
        const { known } = watched;
        const events = await this.options.store.list(projectId, watched.sent, batch);
        for (const event of events) this.options.deliver(event);
        const last = events.at(-1)?.seq ?? watched.sent;
        // Events that retention has removed are not waited for.
        watched.sent = events.length < batch ? Math.max(known, last) : last;
      }
    } catch (err) {
      // What was not delivered is found again by the next notification or heartbeat.
      watched.known = watched.sent;
      this.options.onError(err);
    }
    watched.pumping = undefined;
  }
}
