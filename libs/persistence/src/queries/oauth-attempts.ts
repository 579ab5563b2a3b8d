/** One person's way to a provider and back: what we remember of it, and that it can be ended once. */
import type { Sql } from '../sql';

export interface OAuthAttempt {
  organizationId: string;
  /** Who began, for the audit. */
  principal: string;
  /** The session that began, and alone may end it. */
  sessionId: string;
  provider: string;
  /** Sealed. */
  verifier: Buffer;
  scopes: string[];
  returnTo: string;
  /** Consent again for this connection, or null. */
  connectionId: string | null;
}

const insert = /* sql */ `
insert into app.oauth_attempt (state_hash, organization_id, principal, session_id, provider, scopes, verifier, return_to, connection_id, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + interval '15 minutes')`;

export const beginOAuthAttempt = async (
  sql: Sql,
  stateHash: Buffer,
  attempt: OAuthAttempt,
): Promise<void> => {
  const { organizationId, principal, sessionId, provider, scopes, verifier, returnTo, connectionId } =
    attempt;
  await sql.rows(`delete from app.oauth_attempt where expires_at < clock_timestamp() - interval '1 day'`);
  await sql.rows(insert, [
    stateHash,
    organizationId,
    principal,
    sessionId,
    provider,
    scopes,
    verifier,
    returnTo,
    connectionId,
  ]);
};

/** Of two answers with one state the second finds nothing, whatever the processes do. */
const use = /* sql */ `
update app.oauth_attempt set used_at = clock_timestamp()
where state_hash = $1 and session_id = $2 and provider = $3 and used_at is null and expires_at > clock_timestamp()
returning organization_id::text as "organizationId", principal, session_id::text as "sessionId", provider, verifier, scopes,
  return_to as "returnTo", connection_id::text as "connectionId"`;

/** @returns null for a state that is unknown, used, too old, or another session's */
export const useOAuthAttempt = async (
  sql: Sql,
  ask: { stateHash: Buffer; sessionId: string; provider: string },
): Promise<OAuthAttempt | null> => {
  const [row] = await sql.rows<OAuthAttempt & Record<string, unknown>>(use, [
    ask.stateHash,
    ask.sessionId,
    ask.provider,
  ]);
  return row ?? null;
};
