/** The one guard of all REST calls: nobody gets further than here without a principal, unless the catalogue says so. */
import {
  createParamDecorator,
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FreshetError, type Role } from '@freshet/contracts';
import type { Request } from 'express';
import { Authenticator } from './authenticator';
import { requireMember, type Member, type Principal } from './principal';

export type Access = 'anybody' | 'principal' | 'operator';
const ACCESS = 'freshet:access';
const LEAST_ROLE = 'freshet:least-role';

/** Who may call a handler; without it, any signed-in principal. `@Endpoint` sets it from the catalogue. */
export const AllowAccess = (access: Access) => SetMetadata(ACCESS, access);
/** The least role within the organization for a handler. */
export const LeastRole = (role: Role) => SetMetadata(LEAST_ROLE, role);

/** A request that has passed the guard. */
export interface AuthenticatedRequest extends Request {
  principal?: Principal;
}

@Injectable()
export class PrincipalGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, targets) ?? 'principal';
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (access === 'anybody') {
      this.authenticator.checkOrigin(request.method, request.headers);
      return true;
    }
    const principal = await this.authenticator.authenticate(request.headers);
    this.authenticator.checkOrigin(request.method, request.headers);
    request.principal = principal;
    if (access === 'operator' && !principal.operator)
      throw new FreshetError('forbidden', 'Only an operator of this installation may see this.');
    const least = this.reflector.getAllAndOverride<Role | undefined>(LEAST_ROLE, targets);
    if (least) requireMember(principal, least);
    return true;
  }
}

const principalOf = (context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new Error('A handler that anybody may call asks for its principal.');
  return principal;
};

/** Handler parameter: who is calling. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  principalOf(context),
);
/** Handler parameter: who is calling, within an organization; `forbidden` for an operator who has none. */
export const CallingMember = createParamDecorator((_: unknown, context: ExecutionContext): Member =>
  requireMember(principalOf(context)),
);
