/** Runs a statement that fails only if a key occurs twice, without losing the transaction when it does. */
import type { ClientBase } from 'pg';

const uniqueViolation = '23505';

/** Rows the statement wrote, or null when it found a key twice: then nothing of it is left. */
export const tryUnique = async (client: ClientBase, sql: string): Promise<number | null> => {
  await client.query('SAVEPOINT freshet_unique');
  try {
    const { rowCount } = await client.query(sql);
    await client.query('RELEASE SAVEPOINT freshet_unique');
    return rowCount ?? 0;
  } catch (error) {
    if ((error as { code?: string }).code !== uniqueViolation) throw error;
    await client.query('ROLLBACK TO SAVEPOINT freshet_unique; RELEASE SAVEPOINT freshet_unique');
    return null;
  }
};
