/** Counts what a text of JSON or of an array would become: 32 MB of `{},{},{}` are ten million objects and 1 GB of memory. */

const [quote, backslash, comma, openSquare, closeSquare, openCurly, closeCurly] = [...'"\\,[]{}'].map(
  (character) => character.charCodeAt(0),
);

export interface Structure {
  /** Values in lists and objects; an empty list counts as one too. */
  values: number;
  depth: number;
}

export const structureOf = (text: string): Structure => {
  let values = 1;
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) quoted = !quoted;
    else if (quoted) continue;
    else if (code === comma) values++;
    else if (code === openSquare || code === openCurly) {
      values++;
      deepest = Math.max(deepest, ++depth);
    } else if (code === closeSquare || code === closeCurly) depth--;
  }
  return { values, depth: deepest };
};
