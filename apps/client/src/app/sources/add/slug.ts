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
