/** A connection's secrets between the vault and those who use them: opened for one call, renewed by one process at a time. */
import { FreshetError } from '@freshet/contracts';
import type { ControlPlane } from './control-plane';
import type { Sql } from './sql';

/** Seals and opens; `aad` binds a secret to its row. */
export interface Vault {
  seal(secret: string, aad: string): string;
  open(sealed: string, aad: string): string;
}

export const connectionAad = (organizationId: string, connectionId: string): string =>
  `${organizationId}/connection/${connectionId}`;

interface SecretRow {
  secrets: Buffer | null;
  organizationId: string;
  [column: string]: unknown;
}

const read = /* sql */ `
select secrets, organization_id::text as "organizationId" from app.connection where id = $1 and deleted_at is null`;

const store = /* sql */ `
update app.connection set secrets = $2, status = 'active', status_reason = null, updated_at = clock_timestamp() where id = $1`;

const giveUp = /* sql */ `
update app.connection set status = 'needs_reconnect', status_reason = $2, updated_at = clock_timestamp()
where id = $1 and status = 'active'`;

/** The secrets of one connection, as the object that was stored. */
export class ConnectionGrants<Secrets> {
  constructor(
    private readonly plane: ControlPlane,
    private readonly vault: Vault,
    private readonly connectionId: string,
  ) {}

  async load(): Promise<Secrets> {
    return this.open(await this.row(this.plane.system, read));
  }

  /**
   * Renews the secrets while every other process that wants to waits; whoever waited gets what the first one stored.
   * @param isStale whether what is stored is still what the vendor refused
   * @param renew throws `source_unauthorized` when the consent is gone: the connection then needs its owner
   */
  async renew(
    isStale: (stored: Secrets) => boolean,
    renew: (stored: Secrets) => Promise<Secrets>,
  ): Promise<Secrets> {
    try {
      return await this.plane.systemTransaction(async (sql) => {
        const row = await this.row(sql, `${read} for update`);
        const stored = this.open(row);
        if (!isStale(stored)) return stored;
        const renewed = await renew(stored);
        const sealed = this.vault.seal(
          JSON.stringify(renewed),
          connectionAad(row.organizationId, this.connectionId),
        );
        await sql.rows(store, [this.connectionId, Buffer.from(sealed)]);
        return renewed;
      });
    } catch (error) {
      if (error instanceof FreshetError && error.code === 'source_unauthorized')
        await this.plane.system.rows(giveUp, [this.connectionId, error.message]);
      throw error;
    }
  }

  private async row(sql: Sql, query: string): Promise<SecretRow & { secrets: Buffer }> {
    const [row] = await sql.rows<SecretRow>(query, [this.connectionId]);
    if (row?.secrets) return { ...row, secrets: row.secrets };
    throw new FreshetError('source_unauthorized', 'The connection of this source was deleted.', {
      action: 'Connect the source again.',
    });
  }

  private open({ secrets, organizationId }: SecretRow & { secrets: Buffer }): Secrets {
    return JSON.parse(
      this.vault.open(secrets.toString(), connectionAad(organizationId, this.connectionId)),
    ) as Secrets;
  }
}
