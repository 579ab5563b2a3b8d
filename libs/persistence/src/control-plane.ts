/** The services' way into schema `app`: per organization under row-level security, or across organizations as the system. */
import { FreshetError } from '@freshet/contracts';
import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import pg from 'pg';
import { controlRoles, loginPassword } from './access/grant-access';
import { entities } from './entities';
import { PreparingClient } from './prepared';
import { sqlOf, sqlOfTransaction, type Sql } from './sql';

export interface ControlPlaneOptions {
  /** Any URL of the database; only its host, port and name are used. */
  databaseUrl: string;
  installation: string;
  masterKey: string;
  /** Connections at most, for each of the two logins. */
  poolSize?: number;
  /** Told when a unit of work has ended, however it ended: its organization, or null when it spans them. */
  onWork?: (organizationId: string | null) => void;
}

const as = (databaseUrl: string, role: string, masterKey: string): string => {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = loginPassword(masterKey, role);
  return url.toString();
};

const ignore = (): void => undefined;

const throwDeadlock = (error: unknown): never => {
  if ((error as { code?: unknown }).code !== '40P01') throw error;
  throw new FreshetError(
    'unavailable',
    'Another change was in the way, and nothing was changed. Try again.',
    {
      cause: error,
    },
  );
};

export class ControlPlane {
  private constructor(
    private readonly orm: MikroORM,
    private readonly systemPool: pg.Pool,
    readonly systemUrl: string,
    private readonly onWork: (organizationId: string | null) => void,
  ) {}

  static async open({
    databaseUrl,
    installation,
    masterKey,
    poolSize = 10,
    onWork = () => undefined,
  }: ControlPlaneOptions): Promise<ControlPlane> {
    const roles = controlRoles(installation);
    const orm = await MikroORM.init({
      clientUrl: as(databaseUrl, roles.app, masterKey),
      entities,
      driverOptions: { Client: PreparingClient },
      pool: { max: poolSize },
      forceUtcTimezone: true,
      ignoreUndefinedInQuery: true,
    });
    const systemUrl = as(databaseUrl, roles.system, masterKey);
    const systemPool = new pg.Pool({
      connectionString: systemUrl,
      max: poolSize,
      Client: PreparingClient,
    });
    // A dropped connection is replaced by the next query; without a listener it would end the process. The pool
    // listens only while a connection is idle: one that is in use tells its user by the query that fails.
    systemPool.on('error', ignore);
    systemPool.on('connect', (client) => client.on('error', ignore));
    return new ControlPlane(orm, systemPool, systemUrl, onWork);
  }

  /**
   * One unit of work for one organization: a transaction that sees and writes that organization's rows alone. Throws `unavailable`
   * when PostgreSQL ended it because it and another waited for each other: nothing was changed, and it may be tried again.
   */
  withTenant<T>(organizationId: string, work: (em: EntityManager, sql: Sql) => Promise<T>): Promise<T> {
    const done = this.orm.em.fork().transactional(async (em) => {
      const sql = sqlOfTransaction(em);
      await sql.rows(`select set_config('app.org', $1, true)`, [organizationId]);
      return work(em, sql);
    });
    return done.catch(throwDeadlock).finally(() => this.onWork(organizationId));
  }

  /** For the authentication functions only: no organization is known yet, so no tenant's row is visible. */
  beforeTenant<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.orm.em
      .fork()
      .transactional((em) => work(sqlOfTransaction(em)))
      .finally(() => this.onWork(null));
  }

  /** Single statements across organizations. */
  get system(): Sql {
    const { rows } = sqlOf(this.systemPool);
    return {
      rows: (text, values) => rows<never>(text, values).finally(() => this.onWork(null)),
    };
  }

  /** Throws when PostgreSQL does not answer. */
  async ping(): Promise<void> {
    await this.systemPool.query('select 1');
  }

  /** A transaction across organizations; `client` is the same connection, for the warehouse to write in it too. */
  async systemTransaction<T>(
    work: (sql: Sql, client: pg.PoolClient) => Promise<T>,
    { snapshot = false }: { snapshot?: boolean } = {},
  ): Promise<T> {
    const client = await this.systemPool.connect();
    let broken: Error | undefined;
    try {
      await client.query(snapshot ? 'begin isolation level repeatable read' : 'begin');
      const result = await work(sqlOf(client), client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
      this.onWork(null);
    }
  }

  /** A connection for several transactions and session-level locks; whatever it still locks is let go at the end. */
  async systemSession<T>(work: (sql: Sql, client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.systemPool.connect();
    let broken: Error | undefined;
    try {
      return await work(sqlOf(client), client);
    } finally {
      const open = client.getTransactionStatus() === 'I' ? '' : 'rollback;';
      await client.query(`${open} select pg_advisory_unlock_all()`).catch((failure: Error) => {
        broken = failure;
      });
      client.release(broken);
      this.onWork(null);
    }
  }

  /** A connection of its own (session-level locks, LISTEN); the caller ends it. */
  async systemConnection(applicationName: string): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.systemUrl,
      application_name: applicationName,
      keepAlive: true,
    });
    client.on('error', ignore);
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    await Promise.all([this.orm.close(), this.systemPool.end()]);
  }
}
