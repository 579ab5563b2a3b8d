/** How a file's bytes stand for text: by its byte-order mark, by what was said, or by what fits. */
import iconv from 'iconv-lite';
import { unreadable } from '../kit/unreadable';

export interface TextDecoding {
  write(chunk: Buffer): string;
  end(): string;
}

const marks: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Western European files that are not UTF-8 come from Windows as a rule, of which Latin 1 is a part. */
const fallback = 'windows-1252';

/** Whether bytes given in chunks are UTF-8 so far; a character cut at the end of a chunk is no fault. */
export const utf8Check = (): ((chunk: Uint8Array) => boolean) => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  return (chunk) => {
    try {
      if (isUtf8) decoder.decode(chunk, { stream: true });
    } catch {
      isUtf8 = false;
    }
    return isUtf8;
  };
};

/** A person's choice goes first, then the mark, then the server's charset unless it says UTF-8 and is wrong. */
export const encodingOf = (
  chosen: string | undefined,
  head: Uint8Array,
  contentType: string | null,
  isUtf8: boolean,
): string => {
  if (chosen !== undefined) {
    if (!iconv.encodingExists(chosen)) {
      throw unreadable(
        `There is no encoding called ${chosen}.`,
        'Use a name such as utf-8, utf-16le or windows-1252.',
      );
    }
    return chosen;
  }
  const marked = marks.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (marked) return marked[0];
  const charset = /charset="?([\w.:-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
  const isTold = charset !== undefined && iconv.encodingExists(charset);
  if (isTold && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') return charset;
  return isUtf8 ? 'utf-8' : fallback;
};

export const isUtf8Name = (encoding: string): boolean => /^utf-?8$/i.test(encoding);

/** Leaves out a byte-order mark. */
export const decoderOf = (encoding: string): TextDecoding => {
  const decoder = iconv.getDecoder(encoding);
  return { write: (chunk) => decoder.write(chunk), end: () => decoder.end() ?? '' };
};
