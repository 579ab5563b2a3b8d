/** Finds the columns by which rows of two versions can be told to be the same row. */
import type { ClientBase } from 'pg';
import { escapeIdentifier } from '../sql-names';
import type { VersionColumn } from './version';

export interface VersionSide {
  /** Quoted and qualified, see `qualifiedVersion`. */
  table: string;
  columns: readonly VersionColumn[];
}

/**
 * The columns of a unique index that both tables have, of the same types in both and never empty: rows with an empty key have no partner,
 * however equal they are. `wanted` goes first if it is such; empty when there is none.
 */
export const pairingKey = async (
  client: ClientBase,
  [older, newer]: readonly [VersionSide, VersionSide],
  wanted: readonly string[] = [],
): Promise<string[]> => {
  const isSame = (a: readonly string[], b: readonly string[]): boolean =>
    a.length === b.length && a.every((name, at) => name === b[at]);
  const typeOf = ({ columns }: VersionSide, name: string): string | undefined =>
    columns.find((column) => column.name === name)?.type;
  const before = await uniqueKeys(client, older.table);
  const shared = (await uniqueKeys(client, newer.table))
    .filter((key) => before.some((other) => isSame(key, other)))
    .filter((key) => key.every((name) => typeOf(older, name) === typeOf(newer, name)))
    .sort((a, b) => Number(isSame(b, wanted)) - Number(isSame(a, wanted)) || a.length - b.length);
  for (const key of shared) {
    if (await isWithoutGaps(client, [older, newer], key)) return key;
  }
  return [];
};

/** Of plain columns, over all rows. */
const uniqueKeys = async (client: ClientBase, table: string): Promise<string[][]> => {
  const { rows } = await client.query<{ names: string[] }>(
    `SELECT ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k (number, place)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY k.place) AS names
     FROM pg_catalog.pg_index i
     WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
     ORDER BY i.indexrelid`,
    [table],
  );
  return rows.map(({ names }) => names);
};

/** Whether no row of these has an empty column in the key. */
export const isWithoutGaps = async (
  client: ClientBase,
  sides: readonly VersionSide[],
  key: readonly string[],
): Promise<boolean> => {
  for (const { table } of sides) if (await hasGaps(client, table, key)) return false;
  return true;
};

const hasGaps = async (client: ClientBase, table: string, key: readonly string[]): Promise<boolean> => {
  const gap = key.map((name) => `${escapeIdentifier(name)} IS NULL`).join(' OR ');
  const { rows } = await client.query<{ gaps: boolean }>(
    `SELECT EXISTS (SELECT FROM ${table} WHERE ${gap}) AS gaps`,
  );
  return rows[0]?.gaps ?? true;
};
