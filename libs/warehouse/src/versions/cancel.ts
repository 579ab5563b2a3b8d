/** Makes an AbortSignal reach the database: a query that runs there is cancelled, not only waited for no longer. */
import { connect } from 'node:net';
import type { ClientBase } from 'pg';

/** Code of a CancelRequest message. Source: PostgreSQL 18 manual, 54.7 Message Formats. */
const cancelRequest = 80_877_102;
/** A request that arrives between two statements is lost, so it is repeated until the work ends. */
const repeatEvery = 200;

/** What node-postgres keeps of BackendKeyData; not in its types. */
type Session = ClientBase & {
  host: string;
  port: number;
  processID: number | null;
  secretKey: number | null;
};

const asked = new WeakSet<ClientBase>();

/** Whether a cancel request was ever sent for this connection; one may arrive late, and hit whatever runs by then. */
export const wasAskedToCancel = (client: ClientBase): boolean => asked.has(client);

/**
 * Runs `work`, whose queries go through `client`, and cancels the statement that runs when the signal aborts. It goes by the protocol's
 * own message on a connection of its own: that needs no rights, and a build login may not call pg_cancel_backend.
 * `work` should check the signal between statements.
 */
export const cancelledBy = async <T>(
  signal: AbortSignal | undefined,
  client: ClientBase,
  work: () => Promise<T>,
): Promise<T> => {
  signal?.throwIfAborted();
  let repeating: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    asked.add(client);
    requestCancel(client as Session);
    repeating = setInterval(() => requestCancel(client as Session), repeatEvery);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', onAbort);
    clearInterval(repeating);
  }
};

const requestCancel = ({ host, port, processID, secretKey }: Session): void => {
  if (processID === null || secretKey === null) return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(cancelRequest, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  // The server closes the connection without an answer; one that can't be reached is asked again.
  socket.on('error', () => undefined);
  socket.end(message);
};
