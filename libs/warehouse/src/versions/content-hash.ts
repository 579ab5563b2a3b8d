/** A fingerprint of a table's rows that does not depend on their order, so that an equal result is known as equal (spec RF7). */
import type { ClientBase } from 'pg';
import { escapeIdentifier } from '../sql-names';
import type { VersionColumn } from './version';

/**
 * Types whose binary form is exact and always there. Others (arrays, enums, domains, types of extensions) are taken as text: some have no
 * binary form, and that of some holds numbers that differ from database to database.
 */
const binaryTypes = new Set(
  `boolean,smallint,integer,bigint,real,double precision,numeric,text,character varying,character,bytea,uuid,json,jsonb,date,interval,
  time without time zone,time with time zone,timestamp without time zone,timestamp with time zone,inet,cidr,xml`.split(
    /,\s*/,
  ),
);
const hasBinaryForm = (type: string): boolean => binaryTypes.has(type.replace(/\(.*?\)/, ''));

const valuesOf = (columns: readonly VersionColumn[], alias: string): string =>
  columns
    .map(({ name, type }) => `${alias}.${escapeIdentifier(name)}${hasBinaryForm(type) ? '' : '::text'}`)
    .join(', ');

/**
 * The bytes of a row of a table aliased `t`: equal exactly for rows that a person could not tell apart. PostgreSQL's own hashes of values
 * would be cheaper but are made for hash tables: they fold 64-bit integers and timestamps into 32 bits, take 1.0 and 1.00 for the same,
 * and combine columns linearly, so that in a sum over rows values swapped between two rows cancel out.
 */
export const rowBytes = (columns: readonly VersionColumn[], alias = 't'): string =>
  `record_send(ROW(${valuesOf(columns, alias)}))`;

/** Whether two rows are stored otherwise, which is cheap to tell: rows stored alike are alike; of others a few may still be written alike. */
export const imagesDiffer = (columns: readonly VersionColumn[], a: string, b: string): string =>
  `record_image_ne(ROW(${valuesOf(columns, a)}), ROW(${valuesOf(columns, b)}))`;

/** Whether two rows differ in the sense of `rowBytes`, both being there. */
export const rowsDiffer = (columns: readonly VersionColumn[], a: string, b: string): string =>
  `(${imagesDiffer(columns, a, b)} AND ${rowBytes(columns, a)} <> ${rowBytes(columns, b)})`;

/** Two 64-bit hashes of a row's bytes, seeded differently: no collision is to be expected in the life of anything. */
export const hashesOf = (bytes: string): [string, string] => [
  `hashbyteaextended(${bytes}, 8101)`,
  `hashbyteaextended(${bytes}, 8209)`,
];

/** Rows that one of two tables has more often than the other, by their hashes: `n` times more in the newer, less if negative. */
export const surplusOf = (
  older: { table: string; columns: readonly VersionColumn[] },
  newer: { table: string; columns: readonly VersionColumn[] },
): string => {
  const [a, b] = hashesOf('bytes');
  const side = ({ table, columns }: typeof older, sign: number): string =>
    `SELECT ${a} AS a, ${b} AS b, ${sign} AS n FROM (SELECT ${rowBytes(columns)} AS bytes FROM ${table} t OFFSET 0) rows`;
  return `SELECT a, b, sum(n) AS n FROM (${side(newer, 1)} UNION ALL ${side(older, -1)}) each GROUP BY a, b HAVING sum(n) <> 0`;
};

export interface Content {
  rowCount: number;
  /** Row count and the sums of both hashes over all rows; a sum, unlike an XOR, also sees rows that come in pairs. */
  contentHash: string;
}

/** One scan. `table` is quoted; a table without columns has only its row count. */
export const hashContent = async (
  client: ClientBase,
  table: string,
  columns: readonly VersionColumn[],
): Promise<Content> => {
  const [first, second] = hashesOf('bytes');
  // OFFSET keeps the planner from building each row's bytes once for each hash, which is the greater part of the work.
  const { rows } = await client.query<{ n: string; a: string; b: string }>(
    `SELECT count(*) AS n, coalesce(sum(${first}), 0) AS a, coalesce(sum(${second}), 0) AS b
     FROM (SELECT ${rowBytes(columns)} AS bytes FROM ${table} t OFFSET 0) rows`,
  );
  const { n, a, b } = rows[0] ?? { n: '0', a: '0', b: '0' };
  return { rowCount: Number(n), contentHash: `${n}:${a}:${b}` };
};
