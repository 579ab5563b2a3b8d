/** The right answers: the same text run by a superuser over plain views of these names, without parser, binding or reader. */
import { Client } from 'pg';

const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');

/** Values as people get them (see the REST surface), made by node-postgres' own parsers where JSON has such a value. */
const parsers: Record<number, (text: string) => unknown> = {
  16: (text) => text === 't', 21: Number, 23: Number, 700: Number, 701: Number,
  114: JSON.parse, 3802: JSON.parse,
  1114: (text) => `${text.replace(' ', 'T')}Z`, 1184: (text) => `${text.replace(' ', 'T').replace('+00', '')}Z`,
}; // prettier-ignore
const lists: Record<number, (text: string) => unknown> = {
  1005: Number,
  1007: Number,
  1000: (text) => text === 't',
};

export interface Oracle {
  rows(sql: string): Promise<unknown[][]>;
  end(): Promise<void>;
}

/** `physical`: where the rows of each name lie. Models are views in a schema of the search path, sources are schemas. */
export const createOracle = async (
  url: string,
  names: readonly string[],
  physical: (name: string) => string,
): Promise<Oracle> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE SCHEMA plain');
  for (const name of names) {
    const [source, stream] = name.split('.');
    if (stream !== undefined) await client.query(`CREATE SCHEMA IF NOT EXISTS "${source}"`);
    await client.query(
      `CREATE VIEW ${quoted(stream === undefined ? `plain.${name}` : name)} AS SELECT * FROM ${physical(name)}`,
    );
  }
  await client.query(`SET search_path = plain, pg_catalog; SET TimeZone = 'UTC'; SET DateStyle = ISO`);
  return {
    rows: async (sql) => {
      const text = { getTypeParser: () => (value: string) => value };
      const { rows, fields } = await client.query<(string | null)[]>({
        text: sql,
        rowMode: 'array',
        types: text,
      });
      const arrays = await arrayTypes(
        client,
        fields.map(({ dataTypeID }) => dataTypeID),
      );
      return rows.map((row) =>
        row.map((value, i) => {
          const type = fields[i]?.dataTypeID ?? 0;
          if (value === null) return null;
          if (arrays.has(type)) return listOf(value, lists[type] ?? ((item) => item));
          return (parsers[type] ?? String)(value);
        }),
      );
    },
    end: () => client.end(),
  };
};

const arrayTypes = async (client: Client, types: number[]): Promise<Set<number>> => {
  const { rows } = await client.query<{ oid: string }>(
    `SELECT oid::text FROM pg_type WHERE oid = ANY ($1) AND typcategory = 'A'`,
    [types],
  );
  return new Set(rows.map(({ oid }) => Number(oid)));
};

/** Lists of one dimension, whose items have no quotes in them. */
const listOf = (text: string, item: (text: string) => unknown): unknown[] =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
        .map((part) => (part === 'NULL' ? null : item(part.replace(/^"(.*)"$/, '$1'))));
