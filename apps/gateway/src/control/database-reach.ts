/** Tells a database that can't be reached from every other trouble: only then may something earlier be shown instead. */
import { isConnectionFailure } from '@freshet/service-kit';
import { FreshetError } from '@freshet/contracts';
import pg from 'pg';

/** Milliseconds. */
const patience = 2_000;
const askAgainAfter = 200;

export class DatabaseReach {
  private asking: Promise<boolean> | undefined;
  private away = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly url: string) {}

  /** Whether this failure came of PostgreSQL not being there: asked by a connection of its own, since a single one may break. */
  async isAway(error: unknown): Promise<boolean> {
    if (!isConnectionFailure(error) && !isUnavailable(error)) return false;
    if (!this.away) await this.look();
    return this.away;
  }

  /** Throws `unavailable` while it is known that nobody would answer, so that nobody waits for it. */
  requirePresent(): void {
    if (this.away) throw unreachable();
  }

  /** The work's outcome, unless the database goes away under it: a connection that hangs looks like a long query. */
  async whilePresent<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const watch = setInterval(() => {
      void this.look().then(() => this.away && reject(unreachable()));
    }, patience);
    try {
      return await Promise.race([work, promise]);
    } finally {
      clearInterval(watch);
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }

  /** Once it is away, it is looked for until it is back. */
  private async look(): Promise<void> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    this.away = !(await this.asking);
    clearTimeout(this.timer);
    if (this.away) this.timer = setTimeout(() => void this.look(), askAgainAfter).unref();
  }

  private async ask(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.url,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch (error) {
      // A server that answers is there, whatever it says; unless it says that it is stopping or starting.
      return error instanceof pg.DatabaseError && !/^(08|57P0)/.test(error.code ?? '');
    } finally {
      client.connection.stream.destroy();
    }
  }
}

const unreachable = (): FreshetError =>
  new FreshetError('unavailable', 'The database is not reachable just now. Try again in a moment.');

const isUnavailable = (error: unknown): boolean =>
  error instanceof FreshetError && error.code === 'unavailable';
