/** Sends a person to a provider for consent and takes them back: state, PKCE and session belong together (spec SE5). */
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { connectors, endConsent, findConnector, startConsent, type OAuthProvider } from '@freshet/connectors';
import { FreshetError, toFreshetError, type OAuthStart } from '@freshet/contracts';
import {
  beginOAuthAttempt,
  Connection,
  ControlPlane,
  useOAuthAttempt,
  type OAuthAttempt,
} from '@freshet/persistence';
import { Clock, LOG, principalLabel, SecretBox, type Log, type Member } from '@freshet/service-kit';
import { notFound } from '../http/id-param';
import { ConnectionAccess } from './connection-access';
import { ConnectionDesk } from './connection-desk';

/** Why somebody came back without a connection; the client has a sentence for each. */
export type ConsentRefusal = 'denied' | 'scope' | 'state' | 'provider';

const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest();
const aadOf = (organizationId: string, stateHash: Buffer): string =>
  `${organizationId}/oauth_attempt/${stateHash.toString('hex')}`;

@Injectable()
export class ConsentDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(SecretBox) private readonly vault: SecretBox,
    @Inject(ConnectionAccess) private readonly access: ConnectionAccess,
    @Inject(ConnectionDesk) private readonly connections: ConnectionDesk,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * A connection that is there already is asked for anew with all that its other sources read, so that one consent serves several of the
   * provider's products. @returns the provider's address for this attempt. Throws `invalid_input` for a connector that asks somebody else
   */
  async begin(
    caller: Member,
    provider: OAuthProvider,
    ask: OAuthStart,
    redirectUri: string,
  ): Promise<string> {
    const { spec } = findConnector(ask.type);
    if (spec.oauth?.provider !== provider)
      throw new FreshetError('invalid_input', `${spec.name} is not connected through ${provider}.`);
    const { organizationId, sessionId } = caller;
    if (!sessionId)
      throw new FreshetError('forbidden', 'Consent is given in a browser, by a person who is signed in.');
    const connectionId = ask.connectionId ?? null;
    const given = connectionId ? await this.scopesOf(organizationId, provider, connectionId) : [];
    const scopes = [...new Set([...spec.oauth.scopes, ...given])];
    const start = await startConsent({ provider, scopes, redirectUri }, this.access.clients);
    const stateHash = hashOf(start.state);
    const verifier = Buffer.from(this.vault.seal(start.verifier, aadOf(organizationId, stateHash)));
    await this.plane.withTenant(organizationId, (_, sql) =>
      beginOAuthAttempt(sql, stateHash, {
        organizationId, principal: principalLabel(caller), sessionId, provider, scopes, verifier, returnTo: ask.returnTo, connectionId,
      }),
    ); // prettier-ignore
    return start.url;
  }

  /** Of what was granted, that which connectors ask for; providers add some of their own, such as the address of the person. */
  private async scopesOf(organizationId: string, provider: OAuthProvider, id: string): Promise<string[]> {
    const connection = await this.plane.withTenant(organizationId, (em) =>
      em.findOne(Connection, { id, provider, deletedAt: null }),
    );
    if (!connection) throw notFound('The connection');
    const asked = connectors.flatMap(({ spec: { oauth } }) =>
      oauth?.provider === provider ? oauth.scopes : [],
    );
    return connection.scopes.filter((scope) => asked.includes(scope));
  }

  /**
   * @param currentUrl the address to which the provider sent the browser
   * @returns where to send the browser next. Throws `invalid_input` for a state that is not this session's, or was used
   */
  async end(caller: Member, provider: OAuthProvider, currentUrl: URL): Promise<string> {
    const state = currentUrl.searchParams.get('state') ?? '';
    const attempt = await this.use(caller, provider, state);
    if (!attempt) {
      throw new FreshetError(
        'invalid_input',
        'This way back belongs to another attempt to connect, or was used already.',
        {
          action: 'Begin to connect again.',
        },
      );
    }
    const back = new URL(attempt.returnTo, 'http://site');
    const [name, value] = await this.conclude(attempt, provider, currentUrl, state);
    back.searchParams.set(name, value);
    return `${back.pathname}${back.search}`;
  }

  private async conclude(
    attempt: OAuthAttempt,
    provider: OAuthProvider,
    currentUrl: URL,
    state: string,
  ): Promise<['connection', string] | ['refused', ConsentRefusal]> {
    const error = currentUrl.searchParams.get('error');
    if (error !== null) return ['refused', error === 'access_denied' ? 'denied' : 'provider'];
    const { organizationId, scopes } = attempt;
    const redirectUri = `${currentUrl.origin}${currentUrl.pathname}`;
    try {
      const verifier = this.vault.open(attempt.verifier.toString(), aadOf(organizationId, hashOf(state)));
      const now = this.clock.now();
      const { grant, account } = await endConsent(
        { provider, scopes, redirectUri, currentUrl, verifier, state },
        this.access.clients,
        now,
      );
      const { id } = await this.connections.store({
        organizationId,
        by: attempt.principal,
        provider,
        name: account ?? (provider === 'google' ? 'Google' : 'Meta'),
        account,
        scopes: grant.scopes,
        secrets: grant,
        ...(attempt.connectionId && { connectionId: attempt.connectionId }),
      });
      return ['connection', id];
    } catch (failure) {
      const told = toFreshetError(failure);
      this.log.warn({ code: told.code, provider, err: told }, 'A consent could not be concluded');
      return ['refused', told.details.extra?.['missing'] ? 'scope' : 'provider'];
    }
  }

  private use(caller: Member, provider: OAuthProvider, state: string): Promise<OAuthAttempt | null> {
    const { organizationId, sessionId } = caller;
    if (!sessionId || !state) return Promise.resolve(null);
    return this.plane.withTenant(organizationId, (_, sql) =>
      useOAuthAttempt(sql, { stateHash: hashOf(state), sessionId, provider }),
    );
  }
}
