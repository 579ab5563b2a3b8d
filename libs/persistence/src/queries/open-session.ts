/** What signing in and out needs of the database, before and after the caller is known. */
import type { Sql } from '../sql';

export interface UserForSignIn {
  userId: string;
  passwordHash: string;
  operator: boolean;
  /** The organization joined first; null for an operator without one. */
  organizationId: string | null;
}

const findUser = /* sql */ `
select user_id::text as "userId", password_hash as "passwordHash", operator, organization_id::text as "organizationId"
from app.find_user_for_sign_in($1)`;

/** The e-mail address counts in any case. */
export const findUserForSignIn = async (sql: Sql, email: string): Promise<UserForSignIn | null> =>
  (await sql.rows<UserForSignIn & Record<string, unknown>>(findUser, [email]))[0] ?? null;

export interface NewSession {
  tokenHash: Buffer;
  userId: string;
  organizationId: string | null;
  userAgent: string;
  expiresAt: Date;
}

export const openSession = async (sql: Sql, session: NewSession): Promise<string> => {
  const [row] = await sql.rows<{ id: string }>('select app.create_session($1, $2, $3, $4, $5)::text as id', [
    session.tokenHash, session.userId, session.organizationId, session.userAgent, session.expiresAt,
  ]); // prettier-ignore
  return row?.id ?? '';
};

/** Ends a session for good; its sockets are told over `channel`. */
export const closeSession = async (
  sql: Sql,
  tokenHash: Buffer,
  channel: string,
  sessionId: string,
): Promise<void> => {
  await sql.rows('select app.revoke_session($1)', [tokenHash]);
  await sql.rows('select pg_notify($1, $2)', [channel, JSON.stringify({ sessionId })]);
};
