/** The two ways to say which rows of two versions belong together: by a key, or only where they are equal. */
import type { ClientBase } from 'pg';
import { columnList, escapeIdentifier, escapeLiteral } from '../sql-names';
import { hashesOf, rowBytes, rowsDiffer, surplusOf } from './content-hash';
import type { VersionSide } from './pairing-key';
import type { VersionColumn } from './version';

export interface DiffCounts {
  rowsBefore: number;
  rowsAfter: number;
  rowsAdded: number;
  rowsRemoved: number;
  rowsChanged: number;
  /** By column: paired rows whose value differs; empty without a key. */
  changedRows: ReadonlyMap<string, number>;
}

/** Queries of rows to show; null where there are none. `before` and `after` give the same rows in the same order. */
export interface SampleTexts {
  added: string | null;
  removed: string | null;
  before: string | null;
  after: string | null;
}

export interface Pairing {
  count(client: ClientBase): Promise<DiffCounts>;
  samples(client: ClientBase, counts: DiffCounts, limit: number): Promise<SampleTexts>;
}

export interface BothSides {
  older: VersionSide;
  newer: VersionSide;
  /** Columns of both. One that was retyped has a type without binary form here, so that its text is compared. */
  shared: VersionColumn[];
}

export const bothSides = (older: VersionSide, newer: VersionSide): BothSides => {
  const before = new Map(older.columns.map(({ name, type }) => [name, type]));
  return {
    older,
    newer,
    shared: newer.columns
      .filter(({ name }) => before.has(name))
      .map(({ name, type }) => ({ name, type: before.get(name) === type ? type : 'retyped' })),
  };
};

export const keyPairing = ({ older, newer, shared }: BothSides, key: readonly string[]): Pairing => {
  const on = key.map((name) => `o.${escapeIdentifier(name)} = n.${escapeIdentifier(name)}`).join(' AND ');
  const first = escapeIdentifier(key[0] ?? '');
  const [isNew, isGone] = [`o.${first} IS NULL`, `n.${first} IS NULL`];
  const compared = shared.filter(({ name }) => !key.includes(name));
  const changed = compared.length > 0 ? rowsDiffer(compared, 'o', 'n') : 'false';
  const inBoth = (condition: string): string => `NOT (${isNew} OR ${isGone}) AND ${condition}`;

  return {
    async count(client) {
      const perColumn = compared.map(
        (column, at) => `, count(*) FILTER (WHERE ${inBoth(rowsDiffer([column], 'o', 'n'))}) AS c${at}`,
      );
      const { rows } = await client.query<Record<string, string>>(
        `SELECT (SELECT count(*) FROM ${older.table}) AS before, (SELECT count(*) FROM ${newer.table}) AS after,
           count(*) FILTER (WHERE ${isNew}) AS added, count(*) FILTER (WHERE ${isGone}) AS removed,
           count(*) FILTER (WHERE NOT (${isNew} OR ${isGone})) AS changed ${perColumn.join('')}
         FROM ${older.table} o FULL JOIN ${newer.table} n ON ${on} WHERE ${isNew} OR ${isGone} OR ${changed}`,
      );
      const number = (name: string): number => Number(rows[0]?.[name] ?? 0);
      return {
        rowsBefore: number('before'),
        rowsAfter: number('after'),
        rowsAdded: number('added'),
        rowsRemoved: number('removed'),
        rowsChanged: number('changed'),
        changedRows: new Map(compared.map(({ name }, at) => [name, number(`c${at}`)])),
      };
    },
    async samples(_, { rowsAdded, rowsRemoved, rowsChanged }, limit) {
      const lone = (side: VersionSide, other: VersionSide): string => {
        const equal = key.map((name) => `a.${escapeIdentifier(name)} = b.${escapeIdentifier(name)}`);
        return `SELECT a.* FROM ${side.table} a WHERE NOT EXISTS (SELECT FROM ${other.table} b WHERE ${equal.join(' AND ')})
          ORDER BY ${columnList(key, 'a.')} LIMIT ${limit}`;
      };
      // The key is the same on either side, and so is the order.
      const paired = (alias: 'o' | 'n'): string =>
        `SELECT ${alias}.* FROM ${older.table} o JOIN ${newer.table} n ON ${on} WHERE ${changed} ORDER BY ${columnList(key, 'n.')} LIMIT ${limit}`;
      return {
        added: rowsAdded > 0 ? lone(newer, older) : null,
        removed: rowsRemoved > 0 ? lone(older, newer) : null,
        before: rowsChanged > 0 ? paired('o') : null,
        after: rowsChanged > 0 ? paired('n') : null,
      };
    },
  };
};

/** As multisets, like EXCEPT ALL but by 128 bits instead of whole rows. */
export const contentPairing = ({ older, newer, shared }: BothSides): Pairing => {
  const surplus = surplusOf({ table: older.table, columns: shared }, { table: newer.table, columns: shared });

  return {
    async count(client) {
      const { rows } = await client.query<Record<string, string>>(
        `SELECT (SELECT count(*) FROM ${older.table}) AS before, (SELECT count(*) FROM ${newer.table}) AS after,
           coalesce(sum(greatest(n, 0)), 0) AS added, coalesce(sum(greatest(-n, 0)), 0) AS removed FROM (${surplus}) d`,
      );
      const number = (name: string): number => Number(rows[0]?.[name] ?? 0);
      return {
        rowsBefore: number('before'),
        rowsAfter: number('after'),
        rowsAdded: number('added'),
        rowsRemoved: number('removed'),
        rowsChanged: 0,
        changedRows: new Map(),
      };
    },
    async samples(client, { rowsAdded, rowsRemoved }, limit) {
      const sampled = async (side: VersionSide, sign: '>' | '<'): Promise<string | null> => {
        const { rows } = await client.query<{ a: string; b: string }>(
          `SELECT a, b FROM (${surplus}) d WHERE n ${sign} 0 LIMIT ${limit}`,
        );
        const wanted = rows.map(({ a, b }) => `(${escapeLiteral(a)}::bigint, ${escapeLiteral(b)}::bigint)`);
        return wanted.length > 0 ? withHashes(side, shared, wanted.join(', ')) : null;
      };
      return {
        added: rowsAdded > 0 ? await sampled(newer, '>') : null,
        removed: rowsRemoved > 0 ? await sampled(older, '<') : null,
        before: null,
        after: null,
      };
    },
  };
};

/** One row for each pair of hashes. */
const withHashes = (
  { table, columns }: VersionSide,
  shared: readonly VersionColumn[],
  wanted: string,
): string => {
  const [a, b] = hashesOf('bytes');
  return `SELECT DISTINCT ON (h.a, h.b) ${columnList(
    columns.map(({ name }) => name),
    't.',
  )} FROM ${table} t
    CROSS JOIN LATERAL (SELECT ${a} AS a, ${b} AS b FROM (SELECT ${rowBytes(shared)} AS bytes OFFSET 0) x) h
    JOIN (VALUES ${wanted}) w (a, b) ON h.a = w.a AND h.b = w.b`;
};
