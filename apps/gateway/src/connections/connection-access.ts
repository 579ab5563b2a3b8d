/** What lies behind a connection, for those who ask a vendor on behalf of a person: its keys, or its access tokens. */
import { Inject, Injectable } from '@nestjs/common';
import {
  tokensOf,
  type AccessTokens,
  type Connector,
  type OAuthClients,
  type StoredGrant,
} from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import { Connection, ConnectionGrants, ControlPlane } from '@freshet/persistence';
import { Clock, ENV, oauthClientsOf, SecretBox } from '@freshet/service-kit';
import type { GatewayEnv } from '../gateway-env';
import { notFound } from '../http/id-param';

export interface Access {
  /** As the connector's schema wants them; null with consent by OAuth. */
  credentials: unknown;
  tokens: AccessTokens | null;
}

@Injectable()
export class ConnectionAccess {
  readonly clients: OAuthClients;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(SecretBox) private readonly secrets: SecretBox,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENV) env: GatewayEnv,
  ) {
    this.clients = oauthClientsOf(env);
  }

  /** Throws `not_found` for another organization's connection, `invalid_input` for another provider's. */
  async open(organizationId: string, connector: Connector, connectionId: string): Promise<Access> {
    const connection = await this.plane.withTenant(organizationId, (em) =>
      em.findOne(Connection, { id: connectionId, deletedAt: null }),
    );
    if (!connection) throw notFound('The connection');
    refuseOtherProvider(connector, connection.provider);
    const provider = connector.spec.oauth?.provider;
    if (provider && connection.provider === provider) {
      const vault = new ConnectionGrants<StoredGrant>(this.plane, this.secrets, connectionId);
      return { credentials: null, tokens: tokensOf(provider, vault, this.clients, () => this.clock.now()) };
    }
    const vault = new ConnectionGrants<unknown>(this.plane, this.secrets, connectionId);
    return { credentials: await vault.load(), tokens: null };
  }
}

export const refuseOtherProvider = ({ spec }: Connector, provider: string): void => {
  if (provider === spec.type || provider === spec.oauth?.provider) return;
  throw new FreshetError('invalid_input', `This connection is not one for ${spec.name}.`, {
    action: `Choose or add one for ${spec.name}.`,
    errors: [{ path: 'connectionId', message: 'It is for another kind of source.' }],
  });
};
