/** Things read from PostgreSQL, kept in memory as long as no change of them was told, and never trusted for longer than news is. */
import type { Mark, News } from './news';

/** Tells that something may have changed while it was read. */
interface Entry<V> {
  value: V;
  mark: Mark;
  /** All entries of a group are forgotten together. */
  group: string;
  /** When it was last known to be right, on `performance.now()`'s scale. */
  seenRight: number;
}

export interface Read<V> {
  value: V;
  group: string;
}

export interface Asked<V> {
  key: string;
  /** Whose it is: work of this process for that organization is never overlooked. */
  organizationId: string | null;
  /** Nothing older than the beginning of this call will do. */
  strict?: boolean;
  read: () => Promise<Read<V>>;
}

export class Remembered<V> {
  private readonly entries = new Map<string, Entry<V>>();
  private readonly groups = new Map<string, Set<string>>();
  private readonly reading = new Map<string, { at: number; forgets: number; read: Promise<Read<V>> }>();
  private forgets = 0;

  constructor(
    private readonly news: News,
    private readonly most: number,
  ) {}

  /** From memory when it is surely recent enough, else read. Throws as `read` does. */
  async get({ key, organizationId, strict = false, read }: Asked<V>): Promise<V> {
    const needed = strict ? performance.now() : this.news.needed(organizationId);
    const known = this.right(key, needed);
    if (known) return known.value;
    if (this.isHeard(key) && (await this.news.hear(needed))) {
      const heard = this.right(key, needed);
      if (heard) return heard.value;
    }
    return this.read(key, needed, read);
  }

  /** As `get`, when it can be had without waiting. */
  now(key: string, organizationId: string | null): V | undefined {
    return this.right(key, this.news.needed(organizationId))?.value;
  }

  /** The value as it was last known to be right, unless a change was told since. */
  lastKnown(key: string): { value: V; seenRight: number } | undefined {
    return this.entries.get(key);
  }

  forgetGroup(group: string): void {
    this.forgets++;
    for (const key of this.groups.get(group) ?? []) this.entries.delete(key);
    this.groups.delete(group);
  }

  /** Changes may have been missed: nothing is to be used any more, save by `lastKnown`. */
  private isHeard(key: string): boolean {
    const entry = this.entries.get(key);
    return entry !== undefined && this.news.knownUpTo(entry.mark) > 0;
  }

  private right(key: string, needed: number): Entry<V> | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    const known = this.news.knownUpTo(entry.mark);
    if (known < needed || known === 0) return undefined;
    entry.seenRight = known;
    return entry;
  }

  /** Those who want the same at the same time share one read, if it began late enough for them. */
  private async read(key: string, needed: number, read: () => Promise<Read<V>>): Promise<V> {
    const running = this.reading.get(key);
    if (running && running.at >= needed && running.forgets === this.forgets)
      return (await running.read).value;
    const mark = this.news.mark();
    const mine = { at: mark.at, forgets: this.forgets, read: read() };
    this.reading.set(key, mine);
    try {
      const { value, group } = await mine.read;
      // What was told while it was read may have come too late for it: then it serves those who wait, and no others.
      if (mine.forgets === this.forgets && mark.connection !== 0)
        this.keep(key, { value, group, mark, seenRight: mark.at });
      return value;
    } finally {
      if (this.reading.get(key) === mine) this.reading.delete(key);
    }
  }

  private keep(key: string, entry: Entry<V>): void {
    const other = this.entries.get(key);
    if (other && other.mark.at > entry.mark.at && this.news.knownUpTo(other.mark) > 0) return;
    this.drop(key);
    this.entries.set(key, entry);
    const group = this.groups.get(entry.group) ?? new Set();
    this.groups.set(entry.group, group.add(key));
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.most && oldest !== undefined) this.drop(oldest);
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    const group = this.groups.get(entry.group);
    group?.delete(key);
    if (group?.size === 0) this.groups.delete(entry.group);
  }
}
