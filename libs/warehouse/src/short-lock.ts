/** Runs DDL that needs a table for itself without making readers queue behind it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { escapeLiteral } from './sql-names';

/** `lock_not_available`: `lock_timeout` ran out. */
const lockNotAvailable = '55P03';

/**
 * Tries a statement that takes an exclusive lock, waiting 50 ms at a time for the lock; false when it never got it. A reader who comes
 * meanwhile waits no longer than that. Works inside a transaction (by a savepoint) as well as outside.
 */
export const withShortLock = async (
  client: ClientBase,
  sql: string,
  { attempts = 1 } = {},
): Promise<boolean> => {
  const nested = client.getTransactionStatus() === 'T';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    await client.query(nested ? 'SAVEPOINT short_lock' : 'BEGIN');
    try {
      const before = await client.query<{ value: string }>(`SELECT current_setting('lock_timeout') AS value`);
      await client.query(`SET LOCAL lock_timeout = '50ms'`);
      await client.query(sql);
      // Not by set_config: build logins may not call it.
      await client.query(`SET LOCAL lock_timeout = ${escapeLiteral(before.rows[0]?.value ?? '0')}`);
      await client.query(nested ? 'RELEASE SAVEPOINT short_lock' : 'COMMIT');
      return true;
    } catch (error) {
      await client.query(nested ? 'ROLLBACK TO SAVEPOINT short_lock' : 'ROLLBACK');
      if ((error as { code?: string }).code !== lockNotAvailable) throw error;
    }
    if (attempt < attempts) await pause(50 + Math.random() * 50);
  }
  return false;
};
