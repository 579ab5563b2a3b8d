/** Reads for one organization, under the same login and row-level security as all others, with as few round trips as can be. */
import { sqlOf, type Sql } from '@freshet/persistence';
import { isConnectionFailure } from '@freshet/service-kit';
import type { Pool } from 'pg';
import { requireId } from '../http/id-param';
import type { DatabaseReach } from './database-reach';

/** What is asked many times a second (charts) goes this way; everything else through `ControlPlane.withTenant`. */
export class TenantReads {
  constructor(
    private readonly pool: Pool,
    private readonly database: Pick<DatabaseReach, 'requirePresent'>,
  ) {}

  /** One read-only transaction that sees that organization's rows alone. */
  async read<T>(organizationId: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    this.database.requirePresent();
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      // One message instead of two; an id is digits, which `requireId` makes sure of.
      await client.query(
        `begin read only; select set_config('app.org', '${requireId(organizationId)}', true)`,
      );
      const result = await work(sqlOf(client));
      await client.query('commit');
      return result;
    } catch (error) {
      // A connection that does not answer is not asked for more.
      if (isConnectionFailure(error)) broken = error as Error;
      else
        await client.query('rollback').catch((failure: Error) => {
          broken = failure;
        });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
