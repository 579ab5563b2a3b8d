/** Where in a text an error from the server belongs. */

export interface SqlError {
  message: string;
  /** 0-based offset in characters into the text that was sent; null when the error has no place. */
  position: number | null;
}

export interface TextRange {
  from: number;
  to: number;
}

/** The word at an offset, so that the mark can be seen: the last word before it when it points at a gap or past the end. Null without a position or text. */
export const errorRange = (text: string, position: number | null): TextRange | null => {
  if (position === null || text.trim() === '') return null;
  let from = Math.min(Math.max(position, 0), text.length - 1);
  while (from > 0 && /\s/.test(text.charAt(from))) from -= 1;
  if (/\s/.test(text.charAt(from))) return null;
  const isWord = (at: number): boolean => /[\p{L}\p{N}_$]/u.test(text.charAt(at));
  if (!isWord(from)) return { from, to: from + 1 };
  // A position inside a word marks the whole word, a position at its start too.
  while (from > 0 && isWord(from - 1)) from -= 1;
  let to = from;
  while (to < text.length && isWord(to)) to += 1;
  return { from, to };
};

/** `line 3, column 14` of an offset, counted from 1. */
export const lineAndColumn = (text: string, position: number): string => {
  const before = text.slice(0, Math.min(position, text.length)).split('\n');
  return `line ${String(before.length)}, column ${String((before.at(-1)?.length ?? 0) + 1)}`;
};
