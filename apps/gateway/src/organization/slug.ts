/** Slugs from names: what people may type in SQL and links. */

/** Small letters, digits and underscores, beginning with a letter, at most 60 characters. */
export function slugFrom(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50)
    .replace(/_+$/, '');
  if (!plain) return 'unnamed';
  return /^[a-z]/.test(plain) ? plain : `n_${plain}`;
}

/** The slug, or with a number appended when it is taken. */
export function freeSlug(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken.has(`${wanted}_${n}`)) return `${wanted}_${n}`;
}
