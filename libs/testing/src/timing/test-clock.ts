/** A clock that moves only when the test says so, with timers that follow it. */

interface Timer {
  id: number;
  dueAt: number;
  run: () => void;
}

export class TestClock {
  private millis: number;
  private timers: Timer[] = [];
  private lastId = 0;

  constructor(start: Date | string = '2026-01-01T00:00:00.000Z') {
    this.millis = new Date(start).getTime();
  }

  readonly now = (): Date => new Date(this.millis);

  /** How many timers have not run yet: a way to see that the code under test has begun to wait. */
  get pending(): number {
    return this.timers.length;
  }

  readonly setTimeout = (run: () => void, milliseconds: number): number => {
    const id = ++this.lastId;
    this.timers.push({ id, dueAt: this.millis + milliseconds, run });
    return id;
  };

  readonly clearTimeout = (id: number): void => {
    this.timers = this.timers.filter((timer) => timer.id !== id);
  };

  /** Resolves once the clock has moved that far, or when `signal` aborts. */
  readonly sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = this.setTimeout(resolve, milliseconds);
      signal?.addEventListener('abort', () => (this.clearTimeout(timer), resolve()), { once: true });
    });

  /** Moves on, running due timers in order of their time, each at its own time; lets promises settle between. */
  async advance(milliseconds: number): Promise<void> {
    const target = this.millis + milliseconds;
    for (let next = this.nextDue(target); next; next = this.nextDue(target)) {
      this.clearTimeout(next.id);
      this.millis = Math.max(this.millis, next.dueAt);
      next.run();
      await settle();
    }
    this.millis = target;
    await settle();
  }

  /** Moves on to a date; going back is refused, as time does not. */
  async advanceTo(date: Date | string): Promise<void> {
    const milliseconds = new Date(date).getTime() - this.millis;
    if (milliseconds < 0) throw new Error(`The clock already shows ${this.now().toISOString()}.`);
    await this.advance(milliseconds);
  }

  private nextDue(until: number): Timer | undefined {
    return this.timers
      .filter((timer) => timer.dueAt <= until)
      .sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)[0];
  }
}

const { setImmediate: realSetImmediate } = globalThis;
const settle = (): Promise<void> => new Promise((resolve) => realSetImmediate(resolve));
