/** The words of a query with their places in the text; comments left out. */
import { scanSync } from 'libpg-query';

import type { TextRange } from './parsed-query';
import type { TextOffsets } from './text-offsets';

export interface Token extends TextRange {
  text: string;
  /** Upper-case keyword or punctuation; empty for names, strings and numbers. */
  word: string;
}

const comments = new Set(['SQL_COMMENT', 'C_COMMENT']);

export const tokensOf = (text: string, offsets: TextOffsets): Token[] =>
  scanSync(text)
    .tokens.filter((token) => !comments.has(token.tokenName))
    .map((token) => ({
      start: offsets.fromBytes(token.start),
      end: offsets.fromBytes(token.end),
      text: token.text,
      word: token.keywordKind > 0 || /^[^\w"'$]+$/.test(token.text) ? token.text.toUpperCase() : '',
    }));

/** The index of the token that begins at or after `offset`. */
export const tokenAt = (tokens: readonly Token[], offset: number): number => {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? Infinity) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The index behind a dotted name of `parts` parts that begins at token `first`; `U&"…" UESCAPE '…'` counts as one part. */
export const afterName = (tokens: readonly Token[], first: number, parts: number): number => {
  let next = first;
  for (let part = 0; part < parts; part++) {
    next += part === 0 ? 1 : 2;
    if (tokens[next]?.word === 'UESCAPE') next += 2;
  }
  return next;
};
