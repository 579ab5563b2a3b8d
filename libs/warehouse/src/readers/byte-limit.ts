/** Breaks a connection off when too many bytes arrive on it: a single value of 1 GB would otherwise end up in memory. */
import type { Client } from 'pg';

export interface ByteLimit {
  /** Which limit was passed, if any. */
  readonly exceeded: 'own' | 'together' | undefined;
  /** Stops counting. */
  remove(): void;
}

/** One that uses no more than this is never broken off for the sake of all. */
const smallResult = 1024 * 1024;

/** The bytes that all results being read at one time may have together. */
export class ByteBudget {
  private used = 0;

  constructor(private readonly maxTogether: number) {}

  /**
   * Counts what arrives on the client's socket from now on; beyond `maxBytes`, or when it is a large result and all
   * together are beyond their limit, the socket is destroyed, and what runs fails.
   */
  limit(client: Client, maxBytes: number): ByteLimit {
    const { stream } = client.connection;
    let bytes = 0;
    let exceeded: ByteLimit['exceeded'];
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      this.used += chunk.length;
      if (bytes > maxBytes) exceeded ??= 'own';
      else if (this.used > this.maxTogether && bytes > smallResult) exceeded ??= 'together';
      if (exceeded) stream.destroy();
    };
    stream.on('data', count);
    return {
      get exceeded() {
        return exceeded;
      },
      remove: () => {
        stream.off('data', count);
        this.used -= bytes;
        bytes = 0;
      },
    };
  }
}
