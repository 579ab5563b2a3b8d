/** One moment of the database, held by the control connection while it reads a model's inputs and lent to the builder. */
import type { ClientBase } from 'pg';

/** What `pg_export_snapshot` answers; may be imported until the exporting transaction ends. */
export type SnapshotId = string;

/**
 * Opens a REPEATABLE READ transaction on `client`, reads in it (the input vector), and exports its snapshot, so that what was read and what
 * will be built show the same moment (spec RF9). The caller ends the transaction as soon as the builder has imported the snapshot
 * (`buildVersion` says when): an open one holds back VACUUM everywhere.
 */
export const exportSnapshot = async <T>(
  client: ClientBase,
  read: () => Promise<T>,
): Promise<{ snapshotId: SnapshotId; value: T }> => {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const value = await read();
    const { rows } = await client.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
    return { snapshotId: rows[0]?.id ?? '', value };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
};
