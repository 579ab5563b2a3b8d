/** Remembers the answers asked for most recently; the least recently used gives way. */
export class RecentlyUsed<T> {
  // A Map keeps the order of insertion: the most recently used is last.
  private readonly entries = new Map<string, { value: T; until: number }>();

  constructor(private readonly options: { max: number; forMs?: number; now?: () => number }) {}

  get(key: string): T | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (entry.until <= this.now()) return undefined;
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T): void {
    const { max, forMs = Infinity } = this.options;
    this.entries.delete(key);
    this.entries.set(key, { value, until: this.now() + forMs });
    const [oldest] = this.entries.keys();
    if (this.entries.size > max && oldest !== undefined) this.entries.delete(oldest);
  }

  private now(): number {
    return this.options.now?.() ?? performance.now();
  }
}
