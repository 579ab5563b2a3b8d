/** Follows a protocol on one connection far enough to tell when a certain request was answered. */

export interface ReplyWatch {
  /** Bytes on their way to the server. */
  request(chunk: Buffer): void;
  /** Bytes from the server: what of them goes on to the client, and whether they held the reply that is to be lost. */
  reply(chunk: Buffer): { forward: Buffer; lost: boolean };
}

/** Asked when a request is seen whose reply could be dropped; true: drop it. */
export type TakeDrop = () => boolean;

export type WatchProtocol = (take: TakeDrop, giveBack: () => void) => ReplyWatch;

export const nothing = Buffer.alloc(0);
