/** Lists, stores, changes and forgets the credentials that sources share. */
import { Inject, Injectable } from '@nestjs/common';
import { findConnector, revokeGrant, type StoredGrant } from '@freshet/connectors';
import {
  FreshetError,
  type Connection as ConnectionShape,
  type CreateConnection,
  type UpdateConnection,
} from '@freshet/contracts';
import {
  Connection,
  connectionAad,
  ConnectionGrants,
  ControlPlane,
  DataSource,
  type EntityManager,
  listConnections,
  recordAudit,
  type Sql,
} from '@freshet/persistence';
import { principalLabel, requireRevision, SecretBox, type Member } from '@freshet/service-kit';
import { notFound } from '../http/id-param';
import { ConnectionAccess } from './connection-access';

/** A consent that was just given, or keys that were typed. */
export interface NewSecrets {
  organizationId: string;
  by: string;
  provider: string;
  name: string;
  account: string | null;
  scopes: string[];
  secrets: unknown;
  /** Consent again: the connection stays, and so do its sources. */
  connectionId?: string;
}

@Injectable()
export class ConnectionDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(SecretBox) private readonly vault: SecretBox,
    @Inject(ConnectionAccess) private readonly access: ConnectionAccess,
  ) {}

  list(organizationId: string, provider?: string): Promise<ConnectionShape[]> {
    return this.plane.withTenant(organizationId, (_, sql) => listConnections(sql, { provider }));
  }

  /** Keys that somebody typed; whether they work is what the check of a source says. */
  create(caller: Member, { type, name, credentials }: CreateConnection): Promise<ConnectionShape> {
    const connector = findConnector(type);
    if (connector.spec.credentials === null)
      throw new FreshetError('invalid_input', `${connector.spec.name} needs no keys.`);
    const secrets = connector.parseCredentials(credentials);
    const { organizationId } = caller;
    const by = principalLabel(caller);
    return this.store({ organizationId, by, provider: type, name, account: null, scopes: [], secrets });
  }

  /** Stores new secrets; those of a connection that is there take the place of its old ones, and its sources go on. */
  store(given: NewSecrets): Promise<ConnectionShape> {
    const { organizationId, provider, account, scopes, by } = given;
    return this.plane.withTenant(organizationId, async (em, sql) => {
      const known = given.connectionId
        ? await em.findOne(Connection, { id: given.connectionId, deletedAt: null })
        : em.create(Connection, { organizationId, provider, name: given.name, scopes, createdBy: by });
      if (!known) throw notFound('The connection');
      Object.assign(known, { account, scopes, status: 'active', statusReason: null });
      known.revision += given.connectionId ? 1 : 0;
      await em.flush();
      this.seal(known, given.secrets);
      await em.flush();
      await forgiveSources(em, known.id);
      await recordAudit(sql, {
        organizationId, projectId: null, principal: by, action: given.connectionId ? 'reconnect' : 'connect',
        subjectKind: 'connection', subjectId: known.id, details: { provider, account, scopes },
      }); // prettier-ignore
      return this.find(sql, known.id);
    });
  }

  async update(
    caller: Member,
    id: string,
    { name, credentials }: UpdateConnection,
    expected: number | null,
  ): Promise<ConnectionShape> {
    return this.plane.withTenant(caller.organizationId, async (em, sql) => {
      const connection = await em.findOne(Connection, { id, deletedAt: null });
      if (!connection) throw notFound('The connection');
      requireRevision(expected, connection.revision);
      if (name !== undefined) connection.name = name;
      if (credentials !== undefined) {
        this.seal(connection, findConnector(connection.provider).parseCredentials(credentials));
        Object.assign(connection, { status: 'active', statusReason: null });
        await forgiveSources(em, connection.id);
      }
      connection.revision += 1;
      await em.flush();
      return this.find(sql, id);
    });
  }

  /** Throws `has_dependents` while a source uses it. */
  async remove(caller: Member, id: string): Promise<void> {
    const { organizationId } = caller;
    const found = await this.plane.withTenant(organizationId, (_, sql) => this.find(sql, id));
    if (found.sources.length > 0) {
      throw new FreshetError(
        'has_dependents',
        `${found.sources.length} of your sources use this connection.`,
        {
          action: 'Delete those sources first, or connect them otherwise.',
          extra: { dependents: { sources: found.sources } },
        },
      );
    }
    if (found.provider === 'google' || found.provider === 'meta') {
      const grant = await new ConnectionGrants<StoredGrant>(this.plane, this.vault, id)
        .load()
        .catch(() => null);
      if (grant) await revokeGrant(found.provider, grant, this.access.clients).catch(() => undefined);
    }
    await this.plane.withTenant(organizationId, async (em, sql) => {
      const connection = await em.findOne(Connection, { id, deletedAt: null });
      if (!connection) return;
      Object.assign(connection, { deletedAt: new Date(), secrets: null });
      await em.flush();
      await recordAudit(sql, {
        organizationId, projectId: null, principal: principalLabel(caller), action: 'disconnect', subjectKind: 'connection',
        subjectId: id, details: { provider: found.provider, account: found.account },
      }); // prettier-ignore
    });
  }

  private seal(
    connection: { id: string; organizationId: string; secrets?: unknown },
    secrets: unknown,
  ): void {
    const sealed = this.vault.seal(
      JSON.stringify(secrets),
      connectionAad(connection.organizationId, connection.id),
    );
    Object.assign(connection, { secrets: Buffer.from(sealed) });
  }

  private async find(sql: Sql, id: string): Promise<ConnectionShape> {
    const [row] = await listConnections(sql, { id });
    if (!row) throw notFound('The connection');
    return row;
  }
}

/** Other credentials deserve another try: what was wrong with the old ones is over for every source that uses them. */
const forgiveSources = async (em: EntityManager, connectionId: string): Promise<void> => {
  await em.nativeUpdate(DataSource, { connectionId }, { lastError: null });
};
