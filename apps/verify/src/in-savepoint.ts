/** Runs statements over people's tables so that one that fails or takes too long leaves the snapshot to the others. */
import type { ClientBase } from 'pg';

/** @param timeout milliseconds for each statement */
export const inSavepoint = async <T>(
  scan: ClientBase,
  timeout: number,
  work: () => Promise<T>,
): Promise<T> => {
  await scan.query(`savepoint look; set local statement_timeout = ${Math.round(timeout)}`);
  try {
    const found = await work();
    await scan.query('rollback to savepoint look; release savepoint look');
    return found;
  } catch (error) {
    await scan.query('rollback to savepoint look; release savepoint look');
    throw error;
  }
};
