/**
 * Recognises a client's COMMIT in PostgreSQL's protocol 3 (documentation, chapter "Frontend/Backend Protocol"): as a
 * simple query, and as Parse/Bind/Execute. The reply that is lost ends with ReadyForQuery after a CommandComplete COMMIT.
 */
import { nothing, type ReplyWatch, type TakeDrop } from './reply-watch';

const committed = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1');
const readyForQuery = Buffer.from('Z\0\0\0\x05', 'latin1');
const isCommit = (text: string): boolean => /^\s*(commit|end)(\s+(work|transaction))?\s*;?\s*$/i.test(text);

/** Of the first message, which has no type: asks for TLS or GSS, and is followed by another first message. */
const asksForEncryption = [80_877_103, 80_877_104];
/** Longer messages, such as COPY's data, are passed over without being read. */
const readAtMost = 1_000;

export const watchCommits = (take: TakeDrop, giveBack: () => void): ReplyWatch => {
  const requests = new FrontendMessages(take);
  let held = nothing;
  return {
    request: (chunk) => requests.read(chunk),
    reply(chunk) {
      if (!requests.isWaiting) return { forward: chunk, lost: false };
      held = Buffer.concat([held, chunk]);
      if (!held.includes(readyForQuery)) return { forward: nothing, lost: false };
      if (held.includes(committed)) return { forward: nothing, lost: true };
      // The commit failed: its answer is no secret.
      const forward = held;
      held = nothing;
      requests.isWaiting = false;
      giveBack();
      return { forward, lost: false };
    },
  };
};

class FrontendMessages {
  /** A COMMIT is on its way whose reply is to be lost. */
  isWaiting = false;
  private started = false;
  private rest = nothing;
  private toSkip = 0;
  private readonly commitStatements = new Set<string>();
  private readonly commitPortals = new Set<string>();

  constructor(private readonly take: TakeDrop) {}

  read(chunk: Buffer): void {
    let data = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    for (;;) {
      const skipped = Math.min(this.toSkip, data.length);
      this.toSkip -= skipped;
      data = data.subarray(skipped);
      const header = this.started ? 5 : 4;
      if (data.length < header + 4 && data.length < this.lengthOf(data)) break;
      const length = this.lengthOf(data);
      if (length > readAtMost && this.started) {
        this.toSkip = length;
        continue;
      }
      if (data.length < length) break;
      this.message(data.subarray(0, length), header);
      data = data.subarray(length);
    }
    this.rest = Buffer.from(data);
  }

  /** Of the whole message at the beginning of `data`; infinite while that can't be told. */
  private lengthOf(data: Buffer): number {
    if (!this.started) return data.length < 8 ? Infinity : data.readInt32BE(0);
    return data.length < 5 ? Infinity : 1 + data.readInt32BE(1);
  }

  private message(message: Buffer, header: number): void {
    if (!this.started) {
      this.started = !asksForEncryption.includes(message.readInt32BE(4));
      return;
    }
    const type = String.fromCharCode(message[0] ?? 0);
    const [first = '', second = ''] = message.subarray(header).toString('latin1').split('\0');
    if (type === 'Q' && isCommit(first)) this.meet();
    if (type === 'P') note(this.commitStatements, first, isCommit(second));
    if (type === 'B') note(this.commitPortals, first, this.commitStatements.has(second));
    if (type === 'E' && this.commitPortals.has(first)) this.meet();
  }

  private meet(): void {
    this.isWaiting ||= this.take();
  }
}

const note = (names: Set<string>, name: string, isOne: boolean): void => {
  if (isOne) names.add(name);
  else names.delete(name);
};
