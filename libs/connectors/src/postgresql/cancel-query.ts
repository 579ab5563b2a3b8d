/** Stops at the server what nobody waits for any more: it would go on until it had something to send, and only then see that we are gone. */
import { connect } from 'node:net';
import type { Client } from 'pg';

/** Which `pg` keeps of BackendKeyData and does not declare; null before the sign-in. */
interface BackendKey {
  processID: number | null;
  secretKey: number | null;
}

/** CancelRequest, PostgreSQL documentation 54.7: a connection of its own, on which nothing is answered. */
const requestCode = 80_877_102;
const patience = 5_000;

export const cancelQuery = (client: Client, { address, port }: { address: string; port: number }): void => {
  const { processID, secretKey } = client as Client & BackendKey;
  if (processID === null || secretKey === null) return;
  const message = Buffer.alloc(16);
  [message.length, requestCode, processID, secretKey].forEach((word, at) =>
    message.writeInt32BE(word, 4 * at),
  );
  const socket = connect({ host: address, port, timeout: patience });
  socket.on('error', () => undefined);
  socket.on('timeout', () => socket.destroy());
  // What is not heard does no harm: the query ends by its own time limit then.
  socket.end(message);
};
