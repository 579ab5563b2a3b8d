/** Every advisory lock of Freshet, in one place, so that no two uses ever share a key by accident. */
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';

/**
 * The first of the two 32-bit keys, which `pg_locks` shows as `classid`: an operator sees what is held without a table of hashes.
 * Advisory locks are per database, so installations on one cluster never meet. (Changes of roles wait for each other on a lock with one
 * 64-bit key, `roles/role-lock.ts`, which PostgreSQL keeps apart from those with two.)
 */
export const lockClass = {
  /** One writer at a time per stream: two MERGEs on one key fail, and a writer must not read a pointer that is about to move. */
  streamTable: 7101,
  /** One refresh at a time per model, held by the session that builds; it vanishes with a killed process. */
  model: 7102,
  /** The hard cap of parallel refreshes: the second key is the slot's number. */
  refreshSlot: 7103,
  /** One dispatch at a time per project, so that each sees what the one before it decided. */
  dispatch: 7105,
  /** One at a time moves a model's stable view, so that none moves it back. */
  stableView: 7106,
} as const;

export type LockClass = keyof typeof lockClass;

/** The second key: 32 bits of a hash. Two ids that collide merely wait for each other, which delays and never breaks. */
export const lockId = (id: string): number => createHash('sha256').update(id).digest().readInt32BE(0);

/** Waits for the lock and holds it until the client's transaction ends. */
export const lockForTransaction = async (client: ClientBase, name: LockClass, id: string): Promise<void> => {
  await client.query('SELECT pg_advisory_xact_lock($1, $2)', [lockClass[name], lockId(id)]);
};

/** Takes the lock for the client's session without waiting; false when another session holds it. */
export const tryLockForSession = async (
  client: ClientBase,
  name: LockClass,
  id: number,
): Promise<boolean> => {
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
    lockClass[name],
    id,
  ]);
  return rows[0]?.taken === true;
};

export const unlockForSession = async (client: ClientBase, name: LockClass, id: number): Promise<void> => {
  await client.query('SELECT pg_advisory_unlock($1, $2)', [lockClass[name], id]);
};
