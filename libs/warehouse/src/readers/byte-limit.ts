/** Breaks a connection off when too many bytes arrive on it: a single value of 1 GB would otherwise end up in memory. */
import type { Client } from 'pg';

export interface ByteLimit {
  readonly exceeded: boolean;
  /** Stops counting. */
  remove(): void;
}

/** Counts what arrives on the client's socket from now on; beyond `maxBytes` the socket is destroyed, and what runs fails. */
export const limitBytes = (client: Client, maxBytes: number): ByteLimit => {
  const { stream } = client.connection;
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > maxBytes) stream.destroy();
  };
  stream.on('data', count);
  return {
    get exceeded() {
      return bytes > maxBytes;
    },
    remove: () => void stream.off('data', count),
  };
};
