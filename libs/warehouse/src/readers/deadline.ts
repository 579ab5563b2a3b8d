/** The time that one query has, from planning to its last row. */

/** The server stops a statement itself; this much later the connection is given up, should it not answer. */
export const graceMs = 5_000;

/** PostgreSQL's timeout is of single statements; planning and running share one here. */
export class Deadline {
  private readonly started = performance.now();

  constructor(private readonly timeoutMs: number) {}

  /** The rest of the time, for the next statement. */
  get setting(): string {
    return `SET LOCAL statement_timeout = ${Math.max(1, Math.floor(this.timeoutMs - this.elapsed))}`;
  }

  /** So much is used up that the statement's own timeout has to be shortened. */
  get isNear(): boolean {
    return this.elapsed > this.timeoutMs / 10;
  }

  get isLongOver(): boolean {
    return this.elapsed > this.timeoutMs + graceMs;
  }

  private get elapsed(): number {
    return performance.now() - this.started;
  }
}
