/** Takes what a vendor sends by itself: trusted by the source's own secret, kept, and loaded by a run like everything else. */
import { Inject, Injectable } from '@nestjs/common';
import { Bus } from '@freshet/bus';
import { findConnector } from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import { ConnectionGrants, ControlPlane, storeHookDelivery } from '@freshet/persistence';
import { SecretBox } from '@freshet/service-kit';

interface HookSource {
  organizationId: string;
  config: Record<string, unknown>;
  credentials: Buffer | null;
  connectionId: string | null;
  [column: string]: unknown;
}

const findSource = /* sql */ `
select organization_id::text as "organizationId", config, credentials, connection_id::text as "connectionId"
from app.data_source where id = $1 and type = $2 and deleted_at is null`;

/** The same for a source that is not there and for a wrong secret: nobody learns which sources exist. */
const refused = (): FreshetError =>
  new FreshetError('unauthenticated', 'This delivery is not signed as this source expects.', {
    action: 'Check the address and the secret that the sender is set to use.',
  });

@Injectable()
export class HookDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(SecretBox) private readonly vault: SecretBox,
    @Inject(Bus) private readonly bus: Bus,
  ) {}

  /** @param headers lower-case names. Throws `unauthenticated` and `invalid_input` */
  async receive(
    type: string,
    sourceId: string,
    delivery: { headers: Record<string, string>; body: Buffer },
    correlationId: string,
  ): Promise<{ rows: number; rejected: number }> {
    const [source] = await this.plane.system.rows<HookSource>(findSource, [sourceId, type]);
    const connector = source && findConnector(type);
    if (!source || !connector?.receive) throw refused();
    const credentials = await this.credentialsOf(sourceId, source);
    const received = connector.receive({ ...delivery, config: source.config, credentials });
    const { stream, columns, rows, rejects } = received;
    if (rows.length > 0) {
      const run = await this.plane.systemTransaction((sql) =>
        storeHookDelivery(sql, { sourceId, stream, columns, rows }, correlationId),
      );
      const { organizationId } = source;
      // Should the queue be away, the scheduler finds the run.
      if (run)
        await this.bus
          .enqueueSync({ ...run, sourceId, organizationId, correlationId })
          .catch(() => undefined);
    }
    return { rows: rows.length, rejected: rejects.length };
  }

  private async credentialsOf(sourceId: string, source: HookSource): Promise<unknown> {
    if (source.connectionId)
      return new ConnectionGrants<unknown>(this.plane, this.vault, source.connectionId).load();
    if (!source.credentials) return null;
    const aad = `${source.organizationId}/data_source/${sourceId}`;
    return JSON.parse(this.vault.open(source.credentials.toString(), aad)) as unknown;
  }
}
