/** Breaks text into lines that fit a terminal. */

/** Following lines begin below the first one's text; a word longer than a line stays whole. */
export function wrapText(
  text: string,
  width: number,
  { first = '', rest = first }: { first?: string; rest?: string } = {},
): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n').replace(/[^\S\n]+$/gm, '');
}

/** A time as people say it, `3 min ago`, with its date when it is long past. */
export function spokenTime(time: string | null, now: Date): string {
  if (time === null) return 'never';
  const seconds = Math.round((now.getTime() - Date.parse(time)) / 1_000);
  if (seconds < 60) return 'just now';
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h ago` : `on ${time.slice(0, 10)}`;
}
