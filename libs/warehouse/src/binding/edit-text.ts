/** Replaces parts of a text and can tell afterwards where in the original a place of the result lies. */
import { textOffsets } from '../gate/text-offsets';
import type { TextRange } from '../gate/parsed-query';

/** `range` of the original becomes `text`; an empty range is an insertion. */
export interface Edit {
  range: TextRange;
  text: string;
}

export interface EditedText {
  text: string;
  /** A 1-based position in code points of the result as a 0-based UTF-16 offset of the original; undefined in insertions. */
  toOriginal(position: number): number | undefined;
}

/** Edits must not overlap. */
export const editText = (original: string, edits: readonly Edit[]): EditedText => {
  const ordered = edits.toSorted((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  const pieces: { start: number; end: number; original: (offset: number) => number | undefined }[] = [];
  let text = '';
  let copied = 0;
  const add = (piece: string, toOriginal: (offset: number) => number | undefined): void => {
    if (piece === '') return;
    pieces.push({ start: text.length, end: text.length + piece.length, original: toOriginal });
    text += piece;
  };
  const copyUntil = (end: number): void => {
    const from = copied;
    add(original.slice(from, end), (offset) => from + offset);
    copied = end;
  };
  for (const { range, text: replacement } of ordered) {
    copyUntil(range.start);
    const { start, end } = range;
    add(replacement, () => (end > start ? start : undefined));
    copied = end;
  }
  copyUntil(original.length);
  return {
    text,
    toOriginal: (position) => {
      const offset = textOffsets(text).fromCodePoints(position - 1);
      const piece = pieces.find((candidate) => offset >= candidate.start && offset < candidate.end);
      return piece ? piece.original(offset - piece.start) : original.length;
    },
  };
};
