/** PostgreSQL's text for a value as the JSON that people get (see the REST surface, "Values"). */

export type Decode = (text: string) => unknown;

/** Object ids of built-in types are the same on every server (pg_type.dat). */
const decoders: Record<number, Decode> = {
  16: (text) => text === 't',
  21: Number,
  23: Number,
  26: Number,
  114: (text) => parseJson(text),
  700: (text) => finite(text),
  701: (text) => finite(text),
  1114: (text) => isoTime(text),
  1184: (text) => isoTime(text),
  3802: (text) => parseJson(text),
};

/** json and jsonb. */
export const isJson = (typeId: number): boolean => typeId === 114 || typeId === 3802;

const asText: Decode = (text) => text;

/** bigint, numeric, dates, intervals, bytea (`\x…`) and all other types stay text, which is exact. */
export const decoderOf = (typeId: number, elementTypeId?: number): Decode =>
  elementTypeId === undefined
    ? (decoders[typeId] ?? asText)
    : (text) => decodeArray(text, decoders[elementTypeId] ?? asText);

/** JSON has no NaN nor infinity: they stay words, from which JavaScript's `Number` makes the same value. */
const finite = (text: string): number | string => {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const time = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?$/;

/** Sessions are in UTC; a time without zone is taken to be UTC too. Infinity and years before Christ stay PostgreSQL's text. */
const isoTime = (text: string): string => {
  const [, day, clock] = time.exec(text) ?? [];
  return day && clock ? `${day}T${clock}Z` : text;
};

/** `{1,NULL,"a \"b\""}` and nested ones; bounds in front (`[0:1]={…}`) are left out. */
const decodeArray = (text: string, decode: Decode): unknown => {
  let at = text.indexOf('{');
  const quotedElement = (): string => {
    let value = '';
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\') at++;
      value += text[at] ?? '';
    }
    at++;
    return value;
  };
  const plainElement = (): unknown => {
    const from = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at++;
    const value = text.slice(from, at);
    return value === 'NULL' ? null : decode(value);
  };
  const list = (): unknown[] => {
    const items: unknown[] = [];
    at++;
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') at++;
      else if (text[at] === '{') items.push(list());
      else items.push(text[at] === '"' ? decode(quotedElement()) : plainElement());
    }
    at++;
    return items;
  };
  return list();
};
