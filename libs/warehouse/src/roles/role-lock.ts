/** One lock for all changes of roles and grants: concurrent GRANTs on one object fail with "tuple concurrently updated". */
import type { ClientBase } from 'pg';

const grantsLock = 7_305_001;

/** Runs `change` in a transaction of its own that holds the lock; rolls back when it throws. */
export const withGrantsLock = async <T>(admin: ClientBase, change: () => Promise<T>): Promise<T> => {
  await admin.query('BEGIN');
  try {
    await admin.query('SELECT pg_catalog.pg_advisory_xact_lock($1)', [grantsLock]);
    const result = await change();
    await admin.query('COMMIT');
    return result;
  } catch (error) {
    await admin.query('ROLLBACK');
    throw error;
  }
};

/** Runs a statement that a server may forbid, within an open transaction; answers whether it was allowed. */
export const attempt = async (admin: ClientBase, sql: string): Promise<boolean> => {
  await admin.query('SAVEPOINT attempt');
  try {
    await admin.query(sql);
    await admin.query('RELEASE SAVEPOINT attempt');
    return true;
  } catch (error) {
    await admin.query('ROLLBACK TO SAVEPOINT attempt');
    if (isPermissionDenied(error)) return false;
    throw error;
  }
};

/** insufficient_privilege, and what managed servers answer to a setting that they keep to themselves. */
const isPermissionDenied = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '42501' || error.code === '55P02');
