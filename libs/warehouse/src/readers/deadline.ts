/** The time that one query has, from planning to its last row. */

/** The server stops a statement itself; so much later nobody waits for it any longer. */
export const defaultGraceMs = 5_000;

/** Rejected with when the server did not stop a statement in time. */
export class Overdue extends Error {}

/** PostgreSQL's timeout is of single statements; planning and running share one here. */
export class Deadline {
  private readonly started = performance.now();

  constructor(
    private readonly timeoutMs: number,
    private readonly graceMs: number,
  ) {}

  /** The rest of the time, for the next statement. */
  get setting(): string {
    return `SET LOCAL statement_timeout = ${Math.max(1, Math.floor(this.timeoutMs - this.elapsed))}`;
  }

  /** So much is used up that the statement's own timeout has to be shortened. */
  get isNear(): boolean {
    return this.elapsed > this.timeoutMs / 10;
  }

  /** Rejects with `Overdue` when `work` is not done when the time and the grace are over. */
  wait<T>(work: Promise<T>): Promise<T> {
    return within(this.timeoutMs + this.graceMs - this.elapsed, work);
  }

  private get elapsed(): number {
    return performance.now() - this.started;
  }
}

/** As `work`, but rejects with `Overdue` when that takes longer than `ms`. */
export const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Overdue()), Math.max(0, ms));
  return Promise.race([work, overdue]).finally(() => clearTimeout(timer));
};
