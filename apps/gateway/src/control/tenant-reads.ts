/** Reads for one organization, under the same login and row-level security as all others, with as few round trips as can be. */
import { sqlOf, type Sql } from '@freshet/persistence';
import type { Pool } from 'pg';
import { requireId } from '../http/id-param';

/** What is asked many times a second (charts) goes this way; everything else through `ControlPlane.withTenant`. */
export class TenantReads {
  constructor(private readonly pool: Pool) {}

  /** One read-only transaction that sees that organization's rows alone. */
  async read<T>(organizationId: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      // One message instead of two; an id is digits, which `requireId` makes sure of.
      await client.query(
        `begin read only; select set_config('app.org', '${requireId(organizationId)}', true)`,
      );
      return await work(sqlOf(client));
    } finally {
      await client.query('commit').catch((error: Error) => {
        broken = error;
      });
      client.release(broken);
    }
  }
}
