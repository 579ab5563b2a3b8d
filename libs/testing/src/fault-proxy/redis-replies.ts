/** Recognises a client's enqueueing on a Redis connection, alone or inside MULTI, and finds the one reply that belongs to it. */
import { nothing, type ReplyWatch, type TakeDrop, type WatchProtocol } from './reply-watch';
import { splitMessages, wordsOf } from './resp';

const enqueues = ['EVALSHA', 'EVAL', 'FCALL', 'XADD', 'LPUSH', 'RPUSH', 'ZADD'];

/** Any command by which queues are written. */
export const isRedisEnqueue = ([command = '']: readonly string[]): boolean =>
  enqueues.includes(command.toUpperCase());

export const watchEnqueues =
  (isEnqueue: (words: readonly string[]) => boolean): WatchProtocol =>
  (take, giveBack) =>
    new RedisReplies(isEnqueue, take, giveBack);

class RedisReplies implements ReplyWatch {
  private requests = nothing;
  private replies = nothing;
  private sent = 0;
  private received = 0;
  /** Number of the request whose reply is to be lost. */
  private awaited: number | undefined;
  /** Inside MULTI: whether an enqueueing was queued, whose effect EXEC brings about. */
  private queued: boolean | undefined;

  constructor(
    private readonly isEnqueue: (words: readonly string[]) => boolean,
    private readonly take: TakeDrop,
    private readonly giveBack: () => void,
  ) {}

  request(chunk: Buffer): void {
    const { messages, rest } = splitMessages(Buffer.concat([this.requests, chunk]));
    this.requests = Buffer.from(rest);
    for (const message of messages) {
      this.sent += 1;
      if (this.meets(wordsOf(message)) && this.awaited === undefined && this.take()) this.awaited = this.sent;
    }
  }

  private meets(words: string[]): boolean {
    const command = words[0]?.toUpperCase();
    if (command === 'MULTI') this.queued = false;
    else if (command === 'EXEC' || command === 'DISCARD') {
      const meets = command === 'EXEC' && this.queued === true;
      this.queued = undefined;
      return meets;
    } else if (this.queued !== undefined) this.queued ||= this.isEnqueue(words);
    else return this.isEnqueue(words);
    return false;
  }

  reply(chunk: Buffer): { forward: Buffer; lost: boolean } {
    const { messages, rest } = splitMessages(Buffer.concat([this.replies, chunk]));
    this.replies = Buffer.from(rest);
    const forward: Buffer[] = [];
    for (const message of messages) {
      // What is pushed answers no request.
      if (message[0] !== '>'.charCodeAt(0)) this.received += 1;
      if (this.received === this.awaited) {
        if (message[0] !== '-'.charCodeAt(0)) return { forward: Buffer.concat(forward), lost: true };
        // Refused, as a script that Redis does not know yet: nothing happened whose reply could be lost.
        this.awaited = undefined;
        this.giveBack();
      }
      forward.push(message);
    }
    return { forward: Buffer.concat(forward), lost: false };
  }
}
