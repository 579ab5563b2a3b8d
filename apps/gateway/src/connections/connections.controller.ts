/** Credentials that sources share, and consent for them. */
import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { OAuthProvider } from '@freshet/connectors';
import type { CreateConnection, OAuthStart, UpdateConnection } from '@freshet/contracts';
import {
  CallingMember, Endpoint, ENV, IfMatch, LeastRole, RouteBody, RouteQuery, type Member,
} from '@freshet/service-kit'; // prettier-ignore
import type { Request, Response } from 'express';
import type { GatewayEnv } from '../gateway-env';
import { Id, notFound } from '../http/id-param';
import { wholePage } from '../http/paging';
import { ConnectionDesk } from './connection-desk';
import { ConsentDesk } from './consent-desk';

@Controller()
export class ConnectionsController {
  constructor(
    @Inject(ConnectionDesk) private readonly desk: ConnectionDesk,
    @Inject(ConsentDesk) private readonly consent: ConsentDesk,
    @Inject(ENV) private readonly env: GatewayEnv,
  ) {}

  @Endpoint('listConnections')
  async listConnections(
    @RouteQuery('listConnections') { provider }: { provider?: string },
    @CallingMember() { organizationId }: Member,
  ) {
    return wholePage(await this.desk.list(organizationId, provider));
  }

  @Endpoint('createConnection')
  @LeastRole('editor')
  createConnection(@RouteBody('createConnection') body: CreateConnection, @CallingMember() caller: Member) {
    return this.desk.create(caller, body);
  }

  @Endpoint('updateConnection')
  @LeastRole('editor')
  updateConnection(
    @Id() id: string,
    @RouteBody('updateConnection') body: UpdateConnection,
    @IfMatch() revision: number | null,
    @CallingMember() caller: Member,
  ) {
    return this.desk.update(caller, id, body, revision);
  }

  @Endpoint('deleteConnection')
  @LeastRole('editor')
  deleteConnection(@Id() id: string, @CallingMember() caller: Member) {
    return this.desk.remove(caller, id);
  }

  @Endpoint('startConsent')
  @LeastRole('editor')
  async startConsent(
    @Param('provider') provider: string,
    @RouteQuery('startConsent') query: OAuthStart,
    @CallingMember() caller: Member,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const redirectUri = `${this.origin(request)}/api/oauth/${providerOf(provider)}/callback`;
    response.redirect(await this.consent.begin(caller, providerOf(provider), query, redirectUri));
  }

  @Endpoint('endConsent')
  @LeastRole('editor')
  async endConsent(
    @Param('provider') provider: string,
    @CallingMember() caller: Member,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const currentUrl = new URL(request.originalUrl, this.origin(request));
    response.redirect(await this.consent.end(caller, providerOf(provider), currentUrl));
  }

  /** Where people reach Freshet: the address that is registered with the providers. */
  private origin(request: Request): string {
    return new URL(this.env.FRESHET_PUBLIC_URL ?? `${request.protocol}://${request.get('host') ?? ''}`)
      .origin;
  }
}

const providerOf = (name: string): OAuthProvider => {
  if (name === 'google' || name === 'meta') return name;
  throw notFound('This provider');
};
