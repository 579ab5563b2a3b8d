/** The hard cap of parallel refreshes and the one refresh a model may have, as locks that vanish with the process that held them. */
import type { ClientBase } from 'pg';
import { lockId, tryLockForSession, unlockForSession } from '../locks';

export interface Slot {
  number: number;
}

/**
 * Takes a free slot without waiting; null when all `count` are taken. `client` is a dedicated session (no transaction pooler) with TCP
 * keepalive, held as long as the refresh runs: PostgreSQL frees the slot when the session ends, however it ends.
 */
export const takeSlot = async (client: ClientBase, { count }: { count: number }): Promise<Slot | null> => {
  for (let number = 0; number < count; number++) {
    if (await tryLockForSession(client, 'refreshSlot', number)) return { number };
  }
  return null;
};

export const releaseSlot = (client: ClientBase, slot: Slot): Promise<void> =>
  unlockForSession(client, 'refreshSlot', slot.number);

/** The model's lock, without waiting; false when another session refreshes the model. Not to be taken twice by one session. */
export const tryLockModel = (client: ClientBase, modelId: string): Promise<boolean> =>
  tryLockForSession(client, 'model', lockId(modelId));

export const unlockModel = (client: ClientBase, modelId: string): Promise<void> =>
  unlockForSession(client, 'model', lockId(modelId));
