/** A few rows of a query for a person to look at, so small that they can be kept: few columns, and values cut by the database. */
import type { Cell } from '@freshet/contracts';
import type { ClientBase, FieldDef } from 'pg';
import { extendedQuery } from '../readers/extended-query';
import { ResultTypes } from '../readers/result-types';

export interface SampleOptions {
  limit: number;
  /** Columns that must be seen, should there be too many. */
  first?: readonly string[];
}

export interface Sample {
  /** Their names, each once: a name that comes again gets a number. */
  columns: string[];
  rows: Record<string, Cell>[];
}

const maxColumns = 40;
const maxCharacters = 200;

/**
 * Types of fixed and small size, whose values are taken as they are. Any other value may be as large as a gigabyte, so that the database
 * cuts its text. Source of the object ids: pg_type.dat.
 */
const smallTypes = new Set([16, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 2950]);

/** `text` is one SELECT without a terminator; the session's time zone should be UTC. Throws what PostgreSQL says of the query. */
export const sampleRows = async (
  client: ClientBase,
  text: string,
  { limit, first = [] }: SampleOptions,
): Promise<Sample> => {
  const { fields } = await client.query(extendedQuery(`SELECT * FROM (${text}\n) q LIMIT 0`, []));
  const chosen = chooseColumns(distinctNames(fields), first);
  const types = await new ResultTypes().of(
    client,
    chosen.map(({ field }) => field),
  );
  // By places, not names: two columns of a query may share one.
  const places = fields.map((_, place) => `c${place}`);
  const cells = chosen.map(({ field, place }) =>
    smallTypes.has(field.dataTypeID)
      ? `q.c${place}`
      : `pg_catalog.substr(q.c${place}::pg_catalog.text, 1, ${maxCharacters + 1})`,
  );
  const { rows } = await client.query<(string | null)[]>(
    extendedQuery(
      `SELECT ${cells.join(', ')} FROM (${text}\n) AS q${places.length > 0 ? ` (${places.join(', ')})` : ''} LIMIT ${limit}`,
      [],
    ),
  );
  const cellOf = (value: string | null | undefined, at: number): Cell => {
    if (value === null || value === undefined) return null;
    const characters = value.length > maxCharacters ? [...value] : [];
    if (characters.length > maxCharacters) return `${characters.slice(0, maxCharacters).join('')}…`;
    return (types[at]?.decode(value) ?? value) as Cell;
  };
  return {
    columns: chosen.map(({ name }) => name),
    rows: rows.map((row) => Object.fromEntries(chosen.map(({ name }, at) => [name, cellOf(row[at], at)]))),
  };
};

interface ChosenColumn {
  name: string;
  place: number;
  field: FieldDef;
}

const distinctNames = (fields: readonly FieldDef[]): ChosenColumn[] => {
  const taken = new Set(fields.map(({ name }) => name));
  const seen = new Set<string>();
  return fields.map((field, place) => {
    let { name } = field;
    for (let number = 2; seen.has(name); number++) {
      const numbered = `${field.name}_${number}`;
      if (!taken.has(numbered)) name = numbered;
    }
    seen.add(name);
    return { name, place, field };
  });
};

const chooseColumns = (all: ChosenColumn[], first: readonly string[]): ChosenColumn[] => {
  if (all.length <= maxColumns) return all;
  const wanted = [
    ...all.filter(({ name }) => first.includes(name)),
    ...all.filter(({ name }) => !first.includes(name)),
  ];
  return wanted.slice(0, maxColumns).sort((a, b) => a.place - b.place);
};
