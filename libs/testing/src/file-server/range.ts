/** The one-range form of RFC 9110's Range header, which is all that clients of files send. */

export interface ByteRange {
  start: number;
  /** Exclusive. */
  end: number;
}

/** The range within `size` bytes; `null` when the header is not understood (the whole file is sent); `unsatisfiable` for 416. */
export const parseRange = (header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const length = Number(match[2]);
    return length === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size : Math.min(size, Number(match[2]) + 1);
  return start >= end ? 'unsatisfiable' : { start, end };
};
