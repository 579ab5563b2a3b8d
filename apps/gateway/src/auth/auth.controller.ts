/** Signing in and out, and the first owner. */
import { Controller, Inject, Req } from '@nestjs/common';
import type { Me, SetUp, SignIn } from '@freshet/contracts';
import { closeSession, ControlPlane } from '@freshet/persistence';
import {
  Authenticator, Caller, credentialOf, Endpoint, ENV, hashToken, RouteBody, sessionCookie, type Principal,
} from '@freshet/service-kit'; // prettier-ignore
import type { Request } from 'express';
import type { GatewayEnv } from '../gateway-env';
import { revocations } from '../live/revocations';
import { describeCaller } from './describe-caller';
import { clearSessionCookie, setSessionCookie } from './session-cookie';
import { SignInDesk, type Visitor } from './sign-in';

@Controller()
export class AuthController {
  constructor(
    @Inject(SignInDesk) private readonly desk: SignInDesk,
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(ENV) private readonly env: GatewayEnv,
  ) {}

  @Endpoint('signIn')
  async signIn(@RouteBody('signIn') body: SignIn, @Req() request: Request): Promise<Me> {
    return this.enter(request, await this.desk.signIn(body, visitorOf(request)));
  }

  @Endpoint('signOut')
  async signOut(@Caller() { sessionId }: Principal, @Req() request: Request): Promise<void> {
    const credential = credentialOf(request.headers);
    if (!sessionId || !credential) return;
    await this.plane.beforeTenant((sql) =>
      closeSession(sql, hashToken(credential.token), revocations.channel, sessionId),
    );
    clearSessionCookie(request, this.env.FRESHET_PUBLIC_URL);
  }

  @Endpoint('me')
  me(@Caller() caller: Principal): Promise<Me> {
    return describeCaller(this.plane, caller);
  }

  @Endpoint('setUpState')
  async setUpState(): Promise<{ needed: boolean }> {
    return { needed: await this.desk.needsSetUp() };
  }

  @Endpoint('setUp')
  async setUp(@RouteBody('setUp') body: SetUp, @Req() request: Request): Promise<Me> {
    return this.enter(request, await this.desk.setUp(body, visitorOf(request)));
  }

  private async enter(request: Request, token: string): Promise<Me> {
    setSessionCookie(request, token, this.env.FRESHET_PUBLIC_URL);
    const caller = await this.authenticator.authenticate({ cookie: `${sessionCookie}=${token}` });
    return describeCaller(this.plane, caller);
  }
}

const visitorOf = (request: Request): Visitor => ({
  ip: request.ip ?? 'unknown',
  userAgent: request.get('user-agent') ?? '',
});
