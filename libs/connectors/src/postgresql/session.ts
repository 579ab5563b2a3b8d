/** One read-only transaction on a server of somebody else: checked address, TLS, limits on time, and all values as text. */
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Client, type CustomTypesConfig, type FieldDef } from 'pg';
import { goOn } from '../kit/cancelled';
import type { ConnectorContext } from '../kit/context';
import { cancelQuery } from './cancel-query';
import { explainPostgresql } from './explain-postgresql';
import type { PostgresqlConfig, PostgresqlCredentials } from './postgresql-config';

export interface Answer {
  fields: FieldDef[];
  /** PostgreSQL's own text of each value. */
  rows: (string | null)[][];
}

/** Numbers of any length and times of any precision stay as PostgreSQL writes them. */
const textOnly: CustomTypesConfig = { getTypeParser: () => (text: string) => text };

const connectMilliseconds = 10_000;
/** The server stops a query by itself; only when not even that is heard, the connection is given up. */
const grace = 1.2;

/** A fixed form of values, and no lock or snapshot that outlives us for long. */
const settings = (timeoutSeconds: number): Record<string, string> => ({
  statement_timeout: `${Math.ceil(timeoutSeconds * 1_000)}ms`,
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '10min',
  datestyle: 'ISO, YMD',
  timezone: 'UTC',
  intervalstyle: 'iso_8601',
  extra_float_digits: '3',
  bytea_output: 'hex',
});

/** The certificate is checked against what the person typed; an address is no name that could be announced (RFC 6066). */
const tlsOptions = ({ host, tls, ca }: PostgresqlConfig): ConnectionOptions => ({
  rejectUnauthorized: tls === 'verify-full',
  ...(isIP(host) === 0 && { servername: host }),
  ...(ca && { ca }),
});

export class Session {
  private constructor(
    private readonly client: Client,
    private readonly address: string,
    private readonly context: ConnectorContext,
    private readonly config: PostgresqlConfig,
  ) {}

  /** Connects and signs in. Throws a FreshetError. */
  static async connect(
    config: PostgresqlConfig,
    { user, password }: PostgresqlCredentials,
    context: ConnectorContext,
  ): Promise<Session> {
    goOn(context.signal);
    const { host, port, database, tls } = config;
    // The name may resolve anew at any time, so the address that was checked is the one connected to.
    const address = await context.addressOf(host);
    const client = new Client({
      host: address,
      port,
      database,
      user,
      // A function, so that an empty password is not looked for in the environment.
      password: () => password,
      ssl: tls === 'disable' ? false : tlsOptions(config),
      connectionTimeoutMillis: Math.min(connectMilliseconds, config.timeoutSeconds * 1_000),
      application_name: 'freshet',
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
    });
    // A connection that breaks while nothing is asked shows with the next query.
    client.on('error', () => undefined);
    const session = new Session(client, address, context, config);
    await session.within(() => client.connect());
    return session;
  }

  /** A snapshot: all queries of it see the same rows. */
  static async begin(
    ...[config, credentials, context]: Parameters<typeof Session.connect>
  ): Promise<Session> {
    const session = await Session.connect(config, credentials, context);
    try {
      await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const wanted = Object.entries(settings(config.timeoutSeconds));
      const calls = wanted.map((_, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, true)`);
      await session.query(`SELECT ${calls.join(', ')}`, wanted.flat());
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  /** Throws a FreshetError; the session is then of no more use. */
  query(text: string, values: readonly unknown[] = []): Promise<Answer> {
    return this.within(async () => {
      // The extended protocol takes one statement alone, so that nobody's text ends this transaction and begins another.
      const one = { queryMode: 'extended', rowMode: 'array', types: textOnly } as const;
      const query = { ...one, text, values: [...values] };
      const { fields, rows } = await this.client.query<(string | null)[]>(query);
      return { fields, rows };
    });
  }

  private async within<T>(work: () => Promise<T>): Promise<T> {
    const { context, config } = this;
    const patience = AbortSignal.timeout(Math.ceil(config.timeoutSeconds * 1_000 * grace));
    const signal = AbortSignal.any([context.signal, patience]);
    const stop = (): void => {
      cancelQuery(this.client, { address: this.address, port: config.port });
      this.destroy();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      goOn(context.signal);
      return await work();
    } catch (error) {
      this.destroy();
      throw explainPostgresql(patience.aborted ? patience.reason : error, config.host, context.signal);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  destroy(): void {
    this.client.connection.stream.destroy();
  }

  /** Ends the transaction with the connection; nothing was written. */
  async close(): Promise<void> {
    const gone = this.client.end().catch(() => undefined);
    const patience = setTimeout(() => this.destroy(), 1_000);
    await gone;
    clearTimeout(patience);
  }
}
