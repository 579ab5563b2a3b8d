/** How two versions of a model differ, for a refresh's history (spec RF5), and what the newer one holds. */
import type { ClientBase } from 'pg';
import { escapeIdentifier } from '../sql-names';
import { hashContent, hashesOf, imagesDiffer, rowBytes, surplusOf, type Content } from './content-hash';
import { isWithoutGaps, pairingKey, type VersionSide } from './pairing-key';
import { qualifiedVersion, type VersionColumn } from './version';

export interface Comparison {
  projectId: string;
  modelId: string;
  /** Null for the first version: then all rows are added. */
  old: { version: number; columns: readonly VersionColumn[] } | null;
  next: { version: number; columns: readonly VersionColumn[] };
  /** Columns of a unique index that both versions have; without one a changed row counts as one removed and one added. */
  key?: readonly string[];
}

export interface VersionDifference {
  rowsAdded: number;
  rowsRemoved: number;
  rowsChanged: number;
}

/** Reads both versions once. A column that only one of them has, or has with another type, makes every row differ. */
export const compareVersions = async (
  client: ClientBase,
  { projectId, modelId, old, next, key = [] }: Comparison,
): Promise<VersionDifference> => {
  const newer = {
    table: qualifiedVersion({ projectId, modelId, version: next.version }),
    columns: next.columns,
  };
  if (!old) {
    const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${newer.table}`);
    return { rowsAdded: Number(rows[0]?.n ?? 0), rowsRemoved: 0, rowsChanged: 0 };
  }
  const older = {
    table: qualifiedVersion({ projectId, modelId, version: old.version }),
    columns: old.columns,
  };
  const isKey = key.length > 0 && (await isWithoutGaps(client, [older, newer], key));
  const { difference } = await readDelta(client, isKey ? byKey(older, newer, key) : byContent(older, newer));
  return difference;
};

export interface ContentRequest {
  projectId: string;
  modelId: string;
  /** A version whose content is known. */
  base: { version: number; columns: readonly VersionColumn[] } & Content;
  next: { version: number; columns: readonly VersionColumn[]; rowCount: number };
  /** Columns whose values no two rows of the next version share by the query it is made of, empty ones aside; see `groupKeyOf`. */
  groupedBy?: readonly string[];
}

/**
 * Content and difference of a version in one comparison with another whose content is known. The fingerprint is a sum over rows, so that only
 * the rows that differ have to be hashed: it is the base's, without what is gone and with what is new. Null when that says nothing for sure:
 * other columns, or rows that do not add up.
 */
export const contentFrom = async (
  client: ClientBase,
  { projectId, modelId, base, next, groupedBy = [] }: ContentRequest,
): Promise<(Content & { difference: VersionDifference }) | null> => {
  const sums = /^\d+:(-?\d+):(-?\d+)$/.exec(base.contentHash);
  if (!sums || !hasSameColumns(base.columns, next.columns)) return null;
  const older = {
    table: qualifiedVersion({ projectId, modelId, version: base.version }),
    columns: base.columns,
  };
  const newer = {
    table: qualifiedVersion({ projectId, modelId, version: next.version }),
    columns: next.columns,
  };
  const read = (sql: string): Promise<Found> =>
    readContent(client, sql, { base, sums, rowCount: next.rowCount });
  const key = await pairingKey(client, [older, newer]);
  if (key.length > 0) return read(byKey(older, newer, key));
  if (groupedBy.length > 0 && (await isWithoutGaps(client, [older, newer], groupedBy))) {
    // Where the base was made by another query, rows may share a group there: then the rows do not add up.
    const found = await read(byKey(older, newer, groupedBy));
    if (found) return { ...found, difference: withoutPairs(found.difference) };
  }
  if (next.rowCount === base.rowCount) {
    // Without a key a comparison costs thrice the fingerprint, which may show that there is nothing to compare.
    const content = await hashContent(client, newer.table, newer.columns);
    if (content.contentHash === base.contentHash) return { ...content, difference: noDifference };
  }
  return read(byContent(older, newer));
};

type Found = (Content & { difference: VersionDifference }) | null;

/** Null when the rows do not add up. */
const readContent = async (
  client: ClientBase,
  sql: string,
  {
    base,
    sums: [, first = '0', second = '0'],
    rowCount: counted,
  }: { base: Content; sums: RegExpExecArray; rowCount: number },
): Promise<Found> => {
  const { difference, a, b } = await readDelta(client, sql);
  const rowCount = base.rowCount + difference.rowsAdded - difference.rowsRemoved;
  if (rowCount !== counted) return null;
  const contentHash = `${rowCount}:${BigInt(first) + BigInt(a)}:${BigInt(second) + BigInt(b)}`;
  return { rowCount, contentHash, difference };
};

/** Who gave the model no key is told of rows that came and went, as when rows are compared as a whole. */
const withoutPairs = ({ rowsAdded, rowsRemoved, rowsChanged }: VersionDifference): VersionDifference => ({
  rowsAdded: rowsAdded + rowsChanged,
  rowsRemoved: rowsRemoved + rowsChanged,
  rowsChanged: 0,
});

const noDifference: VersionDifference = { rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0 };

const hasSameColumns = (a: readonly VersionColumn[], b: readonly VersionColumn[]): boolean =>
  a.length === b.length && a.every(({ name, type }, at) => name === b[at]?.name && type === b[at]?.type);

/** Rows are taken as stored to find the few that may differ, and those by what a person would see. */
const byKey = (older: VersionSide, newer: VersionSide, key: readonly string[]): string => {
  const on = key.map((name) => `o.${escapeIdentifier(name)} = n.${escapeIdentifier(name)}`).join(' AND ');
  const first = escapeIdentifier(key[0] ?? '');
  const [isNew, isGone] = [`o.${first} IS NULL`, `n.${first} IS NULL`];
  const maybe = hasSameColumns(older.columns, newer.columns) ? imagesDiffer(newer.columns, 'o', 'n') : 'true';
  const sum = (bytes: string, at: 0 | 1): string => `coalesce(sum(${hashesOf(bytes)[at]}), 0)`;
  return `
    SELECT count(*) FILTER (WHERE old IS NULL) AS added, count(*) FILTER (WHERE new IS NULL) AS removed,
           count(*) FILTER (WHERE old <> new) AS changed,
           ${sum('new', 0)} - ${sum('old', 0)} AS a, ${sum('new', 1)} - ${sum('old', 1)} AS b
    FROM (SELECT CASE WHEN NOT (${isNew}) THEN ${rowBytes(older.columns, 'o')} END AS old,
                 CASE WHEN NOT (${isGone}) THEN ${rowBytes(newer.columns, 'n')} END AS new
          FROM ${older.table} o FULL JOIN ${newer.table} n ON ${on} WHERE ${isNew} OR ${isGone} OR ${maybe} OFFSET 0) d`;
};

/** As multisets, like EXCEPT ALL but by 128 bits instead of whole rows. */
const byContent = (older: VersionSide, newer: VersionSide): string => `
  SELECT coalesce(sum(greatest(n, 0)), 0) AS added, coalesce(sum(greatest(-n, 0)), 0) AS removed, 0 AS changed,
         coalesce(sum(a::numeric * n), 0) AS a, coalesce(sum(b::numeric * n), 0) AS b
  FROM (${surplusOf(older, newer)}) d`;

const readDelta = async (
  client: ClientBase,
  sql: string,
): Promise<{ difference: VersionDifference; a: string; b: string }> => {
  const { rows } = await client.query<Record<'added' | 'removed' | 'changed' | 'a' | 'b', string>>(sql);
  const { added = 0, removed = 0, changed = 0, a = '0', b = '0' } = rows[0] ?? {};
  return {
    difference: { rowsAdded: Number(added), rowsRemoved: Number(removed), rowsChanged: Number(changed) },
    a,
    b,
  };
};
