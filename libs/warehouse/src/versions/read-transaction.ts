/** A transaction for reading on a connection whose settings are somebody else's. */
import type { ClientBase } from 'pg';
import { statementTime } from './statement-time';

/**
 * Runs `work` in a transaction, or in a part of the one that is open, in which values are written as everywhere in Freshet and each statement
 * has its time; afterwards the session is as it was.
 */
export const inReadTransaction = async <T>(
  client: ClientBase,
  statementTimeoutMs: number,
  work: () => Promise<T>,
): Promise<T> => {
  const nested = client.getTransactionStatus() === 'T';
  await client.query(nested ? 'SAVEPOINT reading' : 'BEGIN READ ONLY');
  try {
    await client.query(
      `SET LOCAL statement_timeout = ${await statementTime(client, statementTimeoutMs)}; SET LOCAL TimeZone = 'UTC';
       SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL jit = off`,
    );
    return await work();
  } finally {
    // Nothing was written; going back also takes back the settings. A broken connection has gone back by itself.
    await client
      .query(nested ? 'ROLLBACK TO SAVEPOINT reading; RELEASE SAVEPOINT reading' : 'ROLLBACK')
      .catch(() => undefined);
  }
};
