/** Column by column: what two versions hold, so that a person sees where the data moved. */
import type { VersionDiff } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { escapeIdentifier } from '../sql-names';
import { isNumber } from './check-guards';
import type { VersionSide } from './pairing-key';
import type { VersionColumn } from './version';

type Drift = VersionDiff['columns'][number];
type Profile = NonNullable<Drift['to']>;

/** Distinct values are counted in smaller versions, and taken from PostgreSQL's statistics in larger ones. */
const countDistinctUpTo = 50_000;
const maxCharacters = 200;
/** A query gives no more than 1,664 columns, and each column takes five. */
const columnsAtOnce = 200;

/** In the newer version's order, then what only the older one has. `changedRows` is by column, empty when rows were not paired. */
export const columnDrift = async (
  client: ClientBase,
  older: VersionSide | null,
  newer: VersionSide,
  changedRows: ReadonlyMap<string, number>,
): Promise<Drift[]> => {
  const before = older ? await profiles(client, older) : new Map<string, Profile>();
  const after = await profiles(client, newer);
  const isPaired = changedRows.size > 0;
  const names = new Set([...after.keys(), ...before.keys()]);
  return [...names].map((name) => {
    const [from, to] = [before.get(name) ?? null, after.get(name) ?? null];
    const inBoth = from !== null && to !== null;
    return {
      name,
      change: changeOf(from, to),
      from,
      to,
      changedRows: isPaired && inBoth ? (changedRows.get(name) ?? 0) : null,
    };
  });
};

const changeOf = (from: Profile | null, to: Profile | null): Drift['change'] => {
  if (!from) return 'added';
  if (!to) return 'removed';
  return from.type === to.type ? 'same' : 'retyped';
};

const profiles = async (client: ClientBase, side: VersionSide): Promise<Map<string, Profile>> => {
  const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${side.table}`);
  const rowCount = Number(rows[0]?.n ?? 0);
  const estimates =
    rowCount > countDistinctUpTo ? await estimatedDistinct(client, side.table, rowCount) : null;
  const found = new Map<string, Profile>();
  for (let from = 0; from < side.columns.length; from += columnsAtOnce) {
    const columns = side.columns.slice(from, from + columnsAtOnce);
    const aggregates = columns.flatMap((column, at) => aggregatesOf(column, at, estimates === null));
    const answer = await client.query<Record<string, string | null>>(
      `SELECT ${aggregates.join(', ')} FROM ${side.table} t`,
    );
    columns.forEach(({ name, type }, at) => {
      const value = (what: string): string | null => answer.rows[0]?.[`${what}${at}`] ?? null;
      found.set(name, {
        type,
        nulls: Number(value('nulls') ?? 0),
        distinct: estimates ? (estimates.get(name) ?? null) : Number(value('distinct') ?? 0),
        min: value('min'),
        max: value('max'),
        mean: finite(value('mean')),
      });
    });
  }
  return found;
};

const finite = (text: string | null): number | null => {
  const value = Number(text);
  return text !== null && Number.isFinite(value) ? value : null;
};

/** Types that have an order people expect, and min() and max(). */
const ordered = /^(smallint|integer|bigint|numeric|real|double precision|text|character|date|time|interval)/;
/** Types whose values PostgreSQL can tell apart by themselves; others are told apart by their text. */
const hasEquality = (type: string): boolean => ordered.test(type) || type === 'boolean' || type === 'uuid';

const aggregatesOf = ({ name, type }: VersionColumn, at: number, countDistinct: boolean): string[] => {
  const column = `t.${escapeIdentifier(name)}`;
  const text = (aggregate: string): string => `substr(${aggregate}(${column})::text, 1, ${maxCharacters})`;
  const isOrdered = ordered.test(type) && !type.endsWith('[]');
  return [
    `count(*) - count(${column}) AS nulls${at}`,
    ...(countDistinct
      ? [`count(DISTINCT ${column}${hasEquality(type) ? '' : '::text'}) AS distinct${at}`]
      : []),
    ...(isOrdered ? [`${text('min')} AS min${at}`, `${text('max')} AS max${at}`] : []),
    // As text: a numeric mean may lie beyond what a float holds, and NaN and infinity are none.
    ...(isNumber(type) ? [`avg(${column})::text AS mean${at}`] : []),
  ];
};

/** As ANALYZE left them; negative numbers are shares of the rows. Source: PostgreSQL 18 manual, 53.29 pg_stats. */
const estimatedDistinct = async (
  client: ClientBase,
  table: string,
  rowCount: number,
): Promise<Map<string, number>> => {
  const { rows } = await client.query<{ name: string; distinct: number }>(
    `SELECT s.attname AS name, s.n_distinct::float8 AS distinct FROM pg_catalog.pg_stats s
     JOIN pg_catalog.pg_class c ON c.relname = s.tablename JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = s.schemaname
     WHERE c.oid = $1::regclass`,
    [table],
  );
  return new Map(
    rows.map(({ name, distinct }) => [name, Math.round(distinct < 0 ? -distinct * rowCount : distinct)]),
  );
};
