/** The person a session belongs to, with the role in the organization it was opened for. */
import type { Role } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface FoundSession {
  sessionId: string;
  userId: string;
  email: string;
  name: string;
  operator: boolean;
  /** Null for an operator without an organization. */
  organizationId: string | null;
  /** Null when the membership has ended since. */
  role: Role | null;
  expiresAt: Date;
}

const query = /* sql */ `
select session_id::text as "sessionId", user_id::text as "userId", email, name, operator,
  organization_id::text as "organizationId", role, expires_at as "expiresAt"
from app.find_session($1)`;

/** On a pg connection. @param tokenHash SHA-256 of the token. @returns null for an unknown, expired or revoked one */
export const findSession = async (sql: Sql, tokenHash: Buffer): Promise<FoundSession | null> =>
  (await sql.rows<FoundSession & Record<string, unknown>>(query, [tokenHash]))[0] ?? null;
