/** The organization that an API key belongs to, and what the key may do there. */
import type { Role } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface FoundApiKey {
  apiKeyId: string;
  name: string;
  organizationId: string;
  role: Role;
  /** Null when it ends by being revoked only. */
  expiresAt: Date | null;
}

const query = /* sql */ `
select api_key_id::text as "apiKeyId", name, organization_id::text as "organizationId", role,
  expires_at as "expiresAt"
from app.find_api_key($1)`;

/** On a pg connection. @param keyHash SHA-256 of the key. @returns null for an unknown, expired or revoked one */
export const findApiKey = async (sql: Sql, keyHash: Buffer): Promise<FoundApiKey | null> =>
  (await sql.rows<FoundApiKey & Record<string, unknown>>(query, [keyHash]))[0] ?? null;

/** Remembers that a key was used; at most once a minute, so that busy keys don't write all the time. */
export const touchApiKey = async (sql: Sql, apiKeyId: string): Promise<void> => {
  await sql.rows('select app.touch_api_key($1)', [apiKeyId]);
};
