/** The one way from a request's headers to a principal: for REST, the socket handshake and the operators' pages alike. */
import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { FreshetError } from '@freshet/contracts';
import { credentialOf, type Credential } from './credentials';
import { isOwnOrigin } from './own-origin';
import type { Principal } from './principal';

/** Looks credentials up where they are stored. Null when they are unknown, expired or revoked. */
export abstract class PrincipalResolver {
  abstract resolve(credential: Credential): Promise<Principal | null>;
}

export const PUBLIC_URL = Symbol('where people reach Freshet');

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

@Injectable()
export class Authenticator {
  constructor(
    @Inject(PrincipalResolver) private readonly resolver: PrincipalResolver,
    @Optional() @Inject(PUBLIC_URL) private readonly publicUrl?: string,
  ) {}

  /** Throws `forbidden` when another web site's page sent it. Calls with a key are exempt: browsers never add one. */
  checkOrigin(method: string, headers: IncomingHttpHeaders): void {
    if (reading.has(method) || credentialOf(headers)?.kind === 'api_key') return;
    this.checkSocketOrigin(headers);
  }

  /** As `checkOrigin`, for handshakes: browsers let any page open a socket with the person's cookie, by GET. */
  checkSocketOrigin(headers: IncomingHttpHeaders): void {
    if (!isOwnOrigin(headers, this.publicUrl))
      throw new FreshetError(
        'forbidden',
        'This request came from another web site. Open Freshet itself and try again.',
      );
  }

  /** Throws `unauthenticated` without valid credentials. */
  async authenticate(headers: IncomingHttpHeaders): Promise<Principal> {
    const credential = credentialOf(headers);
    const principal = credential && (await this.resolver.resolve(credential));
    if (principal) return principal;
    throw new FreshetError(
      'unauthenticated',
      credential?.kind === 'api_key'
        ? 'This API key is unknown, expired or revoked. Create another one.'
        : credential
          ? 'This session has ended. Sign in again.'
          : 'Sign in, or send an API key as `Authorization: Bearer <key>`.',
    );
  }
}
