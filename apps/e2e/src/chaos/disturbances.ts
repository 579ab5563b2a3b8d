/** When which part was disturbed on purpose, so that an error a person met is either explained by that, or a finding. */

export type Part = 'gateway' | 'sync' | 'refresh' | 'scheduler' | 'postgres' | 'redis' | 'locks' | 'files';

interface Disturbance {
  part: Part;
  from: number;
  to: number;
}

/** Connections take so long to be replaced after what broke them is over. */
const aftermath = 3_000;

export class Disturbances {
  private readonly all: Disturbance[] = [];
  private readonly turns = new Map<Part, Promise<unknown>>();

  /** Returns what ends it. */
  begin(part: Part): () => void {
    const disturbance: Disturbance = { part, from: Date.now(), to: Infinity };
    this.all.push(disturbance);
    return () => {
      disturbance.to = Math.min(disturbance.to, Date.now());
    };
  }

  async during<T>(part: Part, work: () => Promise<T>): Promise<T> {
    const end = this.begin(part);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** One part is broken by one fault at a time: a second one would kill what the first has just started and waits for. */
  inTurn<T>(part: Part, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(part) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(work);
    this.turns.set(part, mine);
    return mine;
  }

  /** Whether one of these parts was disturbed at some time between two moments (of `Date.now()`). */
  explain(from: number, to: number, parts: readonly Part[]): boolean {
    return this.all.some(
      (each) => parts.includes(each.part) && each.from <= to && each.to + aftermath >= from,
    );
  }
}
