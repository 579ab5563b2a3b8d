/** The short name a source has in SQL, made from what people call it. Pure. */

/** Letters of other scripts cannot be in it, so marks are dropped and the rest becomes `_`: "Café Orders 2024" → "cafe_orders_2024". */
export const slugOf = (name: string): string => {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '');
  return words.slice(0, 60).replace(/_+$/, '');
};

/** As the API takes it. */
export const slugPattern = /^[a-z][a-z0-9_]{0,59}$/;

/** How people shorten the long ones. */
const shortNames: Readonly<Record<string, string>> = {
  'google-analytics': 'ga',
  'google-ad-manager': 'ad_manager',
  'meta-ads': 'meta',
  postgresql: 'pg',
};
const longest = 32;

/**
 * Short enough to be typed in every query: the connector and what was chosen of it, without remarks in parentheses.
 * `google-analytics`, "Harbor & Pine – US store (Sandbox)" → "ga_harbor_pine_us_store".
 */
export const suggestedSlug = (type: string, chosen: string | undefined): string => {
  const words = slugOf(`${shortNames[type] ?? type} ${(chosen ?? '').replace(/\([^)]*\)/g, ' ')}`);
  if (words.length <= longest) return words;
  const cut = words.slice(0, longest + 1);
  return cut.includes('_') ? cut.slice(0, cut.lastIndexOf('_')) : cut.slice(0, longest);
};
