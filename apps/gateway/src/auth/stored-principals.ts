/** Finds who is calling among the stored sessions and API keys. */
import { Inject, Injectable } from '@nestjs/common';
import { findApiKey, findSession, touchApiKey, type Sql } from '@freshet/persistence';
import {
  Clock,
  hashToken,
  LOG,
  PrincipalResolver,
  type Credential,
  type Log,
  type Principal,
} from '@freshet/service-kit';
import { AUTHENTICATION_SQL } from '../control/control-plane.module';

const touchInterval = 60_000;

@Injectable()
export class StoredPrincipals extends PrincipalResolver {
  private readonly touched = new Map<string, number>();

  constructor(
    @Inject(AUTHENTICATION_SQL) private readonly sql: Sql,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    super();
  }

  resolve(credential: Credential): Promise<Principal | null> {
    return credential.kind === 'session' ? this.bySession(credential.token) : this.byApiKey(credential.token);
  }

  private async bySession(token: string): Promise<Principal | null> {
    const found = await findSession(this.sql, hashToken(token));
    // A person whose membership has ended keeps no way in, except to run the installation.
    if (!found || (!found.role && !found.operator)) return null;
    const { sessionId, userId, email, name, operator, role } = found;
    const organizationId = role ? found.organizationId : null;
    return { kind: 'user', userId, apiKeyId: null, sessionId, organizationId, role, operator, email, name };
  }

  private async byApiKey(key: string): Promise<Principal | null> {
    const found = await findApiKey(this.sql, hashToken(key));
    if (!found) return null;
    this.touch(found.apiKeyId);
    const { apiKeyId, name, organizationId, role } = found;
    return {
      kind: 'api_key',
      userId: null,
      apiKeyId,
      sessionId: null,
      organizationId,
      role,
      operator: false,
      email: null,
      name,
    };
  }

  private touch(apiKeyId: string): void {
    const now = this.clock.now().getTime();
    if (now - (this.touched.get(apiKeyId) ?? 0) < touchInterval) return;
    this.touched.set(apiKeyId, now);
    touchApiKey(this.sql, apiKeyId).catch((err: unknown) =>
      this.log.warn({ err }, 'When an API key was last used could not be stored'),
    );
  }
}
