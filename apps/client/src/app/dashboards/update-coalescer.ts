/** Turns a burst of published models into few reloads: the first at once, what follows within the window as one when it ends. */

export interface Timer {
  /** Runs `then` after so many milliseconds; the answer cancels it. */
  after(milliseconds: number, then: () => void): () => void;
}

export const browserTimer: Timer = {
  after(milliseconds, then) {
    const handle = setTimeout(then, milliseconds);
    return () => clearTimeout(handle);
  },
};

export class UpdateCoalescer {
  readonly #pending = new Set<string>();
  #cancel: (() => void) | null = null;

  constructor(
    private readonly flush: (ids: ReadonlySet<string>) => void,
    private readonly windowMs: number,
    private readonly timer: Timer = browserTimer,
  ) {}

  add(id: string): void {
    this.#pending.add(id);
    if (this.#cancel === null) this.#release();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#pending.clear();
  }

  /** A window that stayed empty ends the burst; else what it gathered goes out and the next one opens. */
  #release(): void {
    this.#cancel = null;
    if (this.#pending.size === 0) return;
    const ids = new Set(this.#pending);
    this.#pending.clear();
    this.#cancel = this.timer.after(this.windowMs, () => this.#release());
    this.flush(ids);
  }
}
