/** Column names as people can write them in SQL without quotes. */

const maxBytes = 63;

/** Names that every PostgreSQL table has already. */
const taken = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

const cut = (name: string, bytes: number): string => {
  const characters = Array.from(name);
  while (Buffer.byteLength(characters.join('')) > bytes) characters.pop();
  return characters.join('').replace(/_+$/, '');
};

/** `Customer ID` → `customer_id`, `2024` → `_2024`; letters of any script stay. Empty when nothing is left. */
export const columnName = (label: string): string => {
  const words = label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_]+/gu, '_')
    .replace(/^_+(?=.)|_+$/gu, '');
  const name = cut(/^\p{N}/u.test(words) ? `_${words}` : words, maxBytes);
  return taken.has(name) ? `${name}_` : name;
};

/** Gives each label a name of its own: a repeated one gets `_2`, `_3` …, an empty one is `column_<position from 1>`. */
export const columnNamer = (): ((label: string) => string) => {
  const used = new Set<string>();
  return (label) => {
    const wanted = columnName(label) || `column_${used.size + 1}`;
    let name = wanted;
    for (let n = 2; used.has(name); n++) name = `${cut(wanted, maxBytes - 6)}_${n}`;
    used.add(name);
    return name;
  };
};
