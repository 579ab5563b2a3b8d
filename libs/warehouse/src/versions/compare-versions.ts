/** How two versions of a model differ, for a refresh's history (spec RF5). */
import type { ClientBase } from 'pg';
import { columnList } from '../sql-names';
import { hashesOf, rowBytes } from './content-hash';
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

/** Reads both versions once. Rows are compared by the columns of the newer one; a column that only one of them has makes every row differ. */
export const compareVersions = async (
  client: ClientBase,
  comparison: Comparison,
): Promise<VersionDifference> => {
  const { projectId, modelId, old, next, key = [] } = comparison;
  const newer = qualifiedVersion({ projectId, modelId, version: next.version });
  if (!old)
    return readDifference(client, `SELECT count(*) AS added, 0 AS removed, 0 AS changed FROM ${newer}`);
  const older = qualifiedVersion({ projectId, modelId, version: old.version });
  const sql =
    key.length > 0
      ? byKey({ table: older, columns: old.columns }, { table: newer, columns: next.columns }, key)
      : byContent({ table: older, columns: old.columns }, { table: newer, columns: next.columns });
  return readDifference(client, sql);
};

interface Side {
  table: string;
  columns: readonly VersionColumn[];
}

const byKey = (older: Side, newer: Side, key: readonly string[]): string => {
  const side = ({ table, columns }: Side): string =>
    `SELECT ${columnList(key, 't.')}, ${hashesOf(rowBytes(columns))[0]} AS content FROM ${table} t`;
  return `
    SELECT count(*) FILTER (WHERE o.content IS NULL) AS added, count(*) FILTER (WHERE n.content IS NULL) AS removed,
           count(*) FILTER (WHERE o.content <> n.content) AS changed
    FROM (${side(older)}) o FULL JOIN (${side(newer)}) n USING (${columnList(key)})
    WHERE o.content IS DISTINCT FROM n.content`;
};

/** As multisets, like EXCEPT ALL but by 128 bits instead of whole rows. */
const byContent = (older: Side, newer: Side): string => {
  const side = ({ table, columns }: Side): string => {
    const [a, b] = hashesOf('bytes');
    return `SELECT ${a} AS a, ${b} AS b, count(*) AS n FROM (SELECT ${rowBytes(columns)} AS bytes FROM ${table} t OFFSET 0) rows GROUP BY 1, 2`;
  };
  return `
    SELECT coalesce(sum(greatest(coalesce(n.n, 0) - coalesce(o.n, 0), 0)), 0) AS added,
           coalesce(sum(greatest(coalesce(o.n, 0) - coalesce(n.n, 0), 0)), 0) AS removed, 0 AS changed
    FROM (${side(older)}) o FULL JOIN (${side(newer)}) n USING (a, b)`;
};

const readDifference = async (client: ClientBase, sql: string): Promise<VersionDifference> => {
  const { rows } = await client.query<{ added: string; removed: string; changed: string }>(sql);
  const { added = 0, removed = 0, changed = 0 } = rows[0] ?? {};
  return { rowsAdded: Number(added), rowsRemoved: Number(removed), rowsChanged: Number(changed) };
};
