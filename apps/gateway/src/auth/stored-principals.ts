/** Finds who is calling among the stored sessions and API keys; who was found is remembered until a change of it is told. */
import { Inject, Injectable } from '@nestjs/common';
import { findApiKey, findSession, touchApiKey, type Sql } from '@freshet/persistence';
import { Clock, hashToken, LOG, PrincipalResolver, type Credential, type Log, type Principal } from '@freshet/service-kit'; // prettier-ignore
import { AUTHENTICATION_SQL } from '../control/control-plane.module';
import { DatabaseReach } from '../control/database-reach';
import { News, toldChannels } from '../control/news';
import { Remembered, type Read } from '../control/remembered';

const touchInterval = 60_000;
const mostRemembered = 20_000;
/** While the database is away, who was known this recently may still read what was read before (spec DB7). */
const knownWithoutDatabase = 5 * 60_000;

interface Known {
  principal: Principal;
  expiresAt: Date | null;
}

/** What a trigger of the database tells: a key changed, or a person, one of their sessions or memberships. */
interface Told {
  apiKeyId?: string;
  userId?: string;
}

/** Nobody is no error, but nothing to remember either. */
class Nobody extends Error {}

@Injectable()
export class StoredPrincipals extends PrincipalResolver {
  private readonly touched = new Map<string, number>();
  private readonly remembered: Remembered<Known>;

  constructor(
    @Inject(AUTHENTICATION_SQL) private readonly sql: Sql,
    @Inject(News) news: News,
    @Inject(DatabaseReach) private readonly database: DatabaseReach,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    super();
    this.remembered = new Remembered(news, mostRemembered);
    news.on(toldChannels.principals, (payload) => this.forget(payload as Told));
  }

  async resolve(credential: Credential): Promise<Principal | null> {
    const hash = hashToken(credential.token);
    const key = `${credential.kind}:${hash.toString('base64')}`;
    const read = credential.kind === 'session' ? () => this.bySession(hash) : () => this.byApiKey(hash);
    try {
      // Whose work has to be heard of before it is used is only known once it was found.
      const organizationId = this.remembered.lastKnown(key)?.value.principal.organizationId ?? null;
      return this.ifValid(await this.remembered.get({ key, organizationId, read }));
    } catch (error) {
      if (error instanceof Nobody) return null;
      const known = this.remembered.lastKnown(key);
      const recent = known && performance.now() - known.seenRight <= knownWithoutDatabase;
      if (!recent || !(await this.database.isAway(error))) throw error;
      return this.ifValid(known.value);
    }
  }

  private ifValid({ principal, expiresAt }: Known): Principal | null {
    if (expiresAt && expiresAt <= this.clock.now()) return null;
    if (principal.apiKeyId) this.touch(principal.apiKeyId);
    return principal;
  }

  private forget({ apiKeyId, userId }: Told): void {
    this.remembered.forgetGroup(apiKeyId ? `key:${apiKeyId}` : `user:${userId}`);
  }

  private async bySession(hash: Buffer): Promise<Read<Known>> {
    const found = await findSession(this.sql, hash);
    // A person whose membership has ended keeps no way in, except to run the installation.
    if (!found || (!found.role && !found.operator)) throw new Nobody();
    const { sessionId, userId, email, name, operator, role, expiresAt } = found;
    const organizationId = role ? found.organizationId : null;
    const principal: Principal = {
      kind: 'user', userId, apiKeyId: null, sessionId, organizationId, role, operator, email, name,
    }; // prettier-ignore
    return { value: { principal, expiresAt }, group: `user:${userId}` };
  }

  private async byApiKey(hash: Buffer): Promise<Read<Known>> {
    const found = await findApiKey(this.sql, hash);
    if (!found) throw new Nobody();
    const { apiKeyId, name, organizationId, role, expiresAt } = found;
    const principal: Principal = {
      kind: 'api_key', userId: null, apiKeyId, sessionId: null, organizationId, role, operator: false, email: null, name,
    }; // prettier-ignore
    return { value: { principal, expiresAt }, group: `key:${apiKeyId}` };
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
