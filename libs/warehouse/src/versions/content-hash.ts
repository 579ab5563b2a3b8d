/** A fingerprint of a table's rows that does not depend on their order, so that an equal result is known as equal (spec RF7). */
import type { ClientBase } from 'pg';
import { escapeIdentifier } from '../sql-names';
import type { VersionColumn } from './version';

/**
 * Types whose hash distinguishes every two values that a person could tell apart. Others are hashed as text: numeric (1.0 and 1.00 hash
 * the same), jsonb (holds numerics), floats (0 and -0), and types without a hash.
 */
const exactTypes = new Set([
  'boolean',
  'smallint',
  'integer',
  'bigint',
  'date',
  'timestamp without time zone',
  'timestamp with time zone',
  'uuid',
  'bytea',
  'text',
]);

/** `ROW("a", "b"::text)` of a table aliased `t`: equal for equal rows, whatever the table they are in. */
export const rowContent = (columns: readonly VersionColumn[]): string =>
  `ROW(${columns.map(({ name, type }) => `t.${escapeIdentifier(name)}${exactTypes.has(type) ? '' : '::text'}`).join(', ')})`;

/** Two 64-bit hashes of a row with independent seeds: 128 bits, so that a collision is not to be expected in the life of anything. */
export const rowHashes = (columns: readonly VersionColumn[]): [string, string] => {
  const content = rowContent(columns);
  return [`hash_record_extended(${content}, 8101)`, `hash_record_extended(${content}, 8209)`];
};

export interface Content {
  rowCount: number;
  /** Row count and the sums of both hashes over all rows; a sum, unlike an XOR, also sees rows that come in pairs. */
  contentHash: string;
}

/** One scan, in parallel where the server allows. `table` is quoted; a table without columns has only its row count. */
export const hashContent = async (
  client: ClientBase,
  table: string,
  columns: readonly VersionColumn[],
): Promise<Content> => {
  const [first, second] = rowHashes(columns);
  const { rows } = await client.query<{ n: string; a: string; b: string }>(
    `SELECT count(*) AS n, coalesce(sum(${first}), 0) AS a, coalesce(sum(${second}), 0) AS b FROM ${table} t`,
  );
  const { n, a, b } = rows[0] ?? { n: '0', a: '0', b: '0' };
  return { rowCount: Number(n), contentHash: `${n}:${a}:${b}` };
};
