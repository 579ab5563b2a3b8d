/**
 * Judges from its words how deeply a query's tree will be nested. The parser's own recursion can't be stopped once it
 * has begun, and one that runs out of stack leaves the parser's memory in disorder for all queries after it.
 */
import type { Token } from './tokens';

/** One that is open: `(…`, `[…`, `CASE …`. */
interface Bracket {
  kind: '(' | 'CASE';
  /** Joins and set operations, each of which contains the ones before it. */
  contained: number;
  /** Words of the present segment, each of which may wrap what stands before it: `1 + 1 + 1`, `a::b::c`. */
  words: number;
  /** The deepest bracket within the present segment. */
  inner: number;
  /** The deepest segment. */
  deepest: number;
  /** `BETWEEN`s whose `AND` is still to come: that one begins no new condition. */
  between: number;
}

/** Levels of the tree that a bracket may add by itself: a subquery is a node in a node in a node. */
const bracketLevels = 3;

const open = (kind: Bracket['kind']): Bracket => ({
  kind,
  contained: 0,
  words: 0,
  inner: 0,
  deepest: 0,
  between: 0,
});
const endSegment = (bracket: Bracket): void => {
  bracket.deepest = Math.max(bracket.deepest, bracket.words + bracket.inner);
  bracket.words = 0;
  bracket.inner = 0;
};
const levels = (bracket: Bracket): number => {
  endSegment(bracket);
  return bracketLevels + bracket.contained + bracket.deepest;
};

const opening: Readonly<Record<string, Bracket['kind']>> = { '(': '(', '[': '(', CASE: 'CASE' };
const closing: Readonly<Record<string, Bracket['kind']>> = { ')': '(', ']': '(', END: 'CASE' };
/** Lists, AND and OR are flat, however long they are. */
const separators = new Set([',', 'AND', 'OR', 'WHEN', 'THEN', 'ELSE']);
const setOperations = new Set(['UNION', 'INTERSECT', 'EXCEPT']);

/** Never less than the depth of the tree that the parser makes of these words; more than that where words are ambiguous. */
export const nestingOf = (tokens: readonly Token[]): number => {
  const root = open('(');
  const brackets = [root];
  const close = (): void => {
    const closed = brackets.pop();
    const around = brackets.at(-1);
    if (closed && around) around.inner = Math.max(around.inner, levels(closed));
  };
  tokens.forEach(({ word }, index) => {
    const current = brackets.at(-1) ?? root;
    // `x.end` and `AS end` are names.
    const isName = /^[A-Z]/.test(word) && /^(\.|AS)$/.test(tokens[index - 1]?.word ?? '');
    const opened = isName ? undefined : opening[word];
    if (opened) brackets.push(open(opened));
    else if (!isName && closing[word] === current.kind && brackets.length > 1) close();
    else if (isName) current.words++;
    else if (!separators.has(word)) countWord(current, word);
    else if (word === 'AND' && current.between > 0) current.between--;
    else endSegment(current);
  });
  while (brackets.length > 1) close();
  return levels(root);
};

const countWord = (bracket: Bracket, word: string): void => {
  if (setOperations.has(word)) {
    bracket.contained++;
    endSegment(bracket);
  } else if (word === 'JOIN') bracket.contained++;
  else if (word !== '' && word !== '.') bracket.words++;
  if (word === 'BETWEEN') bracket.between++;
};
