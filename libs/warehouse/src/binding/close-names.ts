/** Suggests what somebody may have meant by a name that isn't there. */

/** Up to three known names that differ from `name` in a few letters, or in their source alone; the closest first. */
export const closeNames = (name: string, known: readonly string[]): string[] => {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(name.length / 4));
  return known
    .map((candidate) => ({ candidate, distance: nearness(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
};

/** `traffic` is near `ga_main.traffic`: people forget the source. */
const nearness = (wanted: string, candidate: string): number =>
  candidate.endsWith(`.${wanted}`) || wanted.endsWith(`.${candidate}`) ? 1 : distance(wanted, candidate);

/** Levenshtein's. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};
