/** What a run counts, and what it found wrong. */

export interface Finding {
  at: string;
  what: string;
}

/** More of the same tell nothing new. */
const kept = 200;

export class Findings {
  readonly list: Finding[] = [];
  private readonly counts = new Map<string, number>();

  constructor(private readonly tell: (line: string) => void) {}

  /** Something that must never be. */
  add(what: string): void {
    this.tell(`✗ ${what}`);
    if (this.list.length < kept) this.list.push({ at: new Date().toISOString(), what });
  }

  count(name: string, by = 1): void {
    this.counts.set(name, this.counted(name) + by);
  }

  counted(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** All counts whose name begins so, by the rest of their name. */
  countsOf(prefix: string): Record<string, number> {
    const found = [...this.counts].filter(([name]) => name.startsWith(prefix));
    return Object.fromEntries(found.map(([name, count]) => [name.slice(prefix.length), count]).sort());
  }
}
