/** Offsets into a text in the three units that meet here: UTF-16 (JavaScript), bytes (the parser), code points (PostgreSQL). */

export interface TextOffsets {
  fromBytes(offset: number): number;
  fromCodePoints(offset: number): number;
}

/** Offsets of `text` in UTF-16 units, given ones in UTF-8 bytes or code points; ones beyond the end mean the end. */
export const textOffsets = (text: string): TextOffsets => {
  if (/^[\0-\x7f]*$/.test(text)) {
    const clamp = (offset: number): number => Math.max(0, Math.min(offset, text.length));
    return { fromBytes: clamp, fromCodePoints: clamp };
  }
  const byBytes: number[] = [];
  const byCodePoints: number[] = [];
  let at = 0;
  for (const character of text) {
    byCodePoints.push(at);
    for (let rest = Buffer.byteLength(character); rest > 0; rest--) byBytes.push(at);
    at += character.length;
  }
  const look = (offsets: number[]) => (offset: number) => offsets[Math.max(0, offset)] ?? text.length;
  return { fromBytes: look(byBytes), fromCodePoints: look(byCodePoints) };
};
