/** How long a statement may take: what is asked for, and never more than the login was given. */
import type { ClientBase } from 'pg';

/** The value for `SET statement_timeout`, in milliseconds: the role's own limit is what the project was given. */
export const statementTime = async (client: ClientBase, timeoutMs: number): Promise<number> => {
  const { rows } = await client.query<{ limit: string }>(
    `SELECT reset_val AS limit FROM pg_catalog.pg_settings WHERE name = 'statement_timeout'`,
  );
  // To PostgreSQL 0 means no limit at all.
  const limit = Number(rows[0]?.limit ?? 0) || Infinity;
  return Math.max(1, Math.round(Math.min(timeoutMs, limit)));
};
