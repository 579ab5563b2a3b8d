/** The statements that bring a staged slice into its table. The stage has the table's columns in the table's order. */
import { columnList, escapeIdentifier, escapeLiteral } from '../sql-names';
import type { SliceWindow } from './slice';

export interface Application {
  /** Quoted names of the table and of the stage. */
  target: string;
  stage: string;
  /** All columns of the table, in its order. */
  columns: readonly string[];
  key: readonly string[];
  window?: SliceWindow;
}

const matching = (key: readonly string[], a: string, b: string): string =>
  key.map((name) => `${a}.${escapeIdentifier(name)} = ${b}.${escapeIdentifier(name)}`).join(' AND ');

/** Half-open; rows without a value in the window's column are outside. */
const inside = ({ column, from, to }: SliceWindow, alias: string): string => {
  const value = `${alias}.${escapeIdentifier(column)}`;
  return `${value} >= ${escapeLiteral(from)} AND ${value} < ${escapeLiteral(to)}`;
};

/** Of rows with one key the last one stays: one COPY fills a file that its transaction made, so `ctid` is the order of arrival. */
export const dropSuperseded = (table: string, key: readonly string[]): string => `
  DELETE FROM ${table} s
  USING (SELECT ${columnList(key)}, max(ctid) AS last_ctid FROM ${table} GROUP BY ${columnList(key)} HAVING count(*) > 1) d
  WHERE ${matching(key, 's', 'd')} AND s.ctid <> d.last_ctid`;

/** Rows that a `replace-window` slice may not bring, since deleting by window would never see them again. */
export const dropOutside = ({ stage }: Application, window: SliceWindow): string =>
  `DELETE FROM ${stage} s WHERE (${inside(window, 's')}) IS NOT TRUE`;

export const insertAll = ({ target, stage }: Application): string =>
  `INSERT INTO ${target} SELECT * FROM ${stage}`;

/** `append`: what is there stays as it is. */
export const insertNew = ({ target, stage, key }: Application): string =>
  `INSERT INTO ${target} SELECT * FROM ${stage} ON CONFLICT (${columnList(key)}) DO NOTHING`;

/**
 * Writes only rows that differ in any bit (`*<>` compares the stored images, so that 1.0 → 1.00 is seen too); a row that is the same is
 * not even locked, and writes no WAL. Answers one row: `inserted`, `updated`.
 */
export const mergeChanged = ({ target, stage, columns, key }: Application): string => {
  const others = columns.filter((name) => !key.includes(name));
  const update = others.map((name) => `${escapeIdentifier(name)} = s.${escapeIdentifier(name)}`).join(', ');
  const whenMatched = others.length === 0 ? '' : `WHEN MATCHED AND t.* *<> s.* THEN UPDATE SET ${update}`;
  return `
    WITH merged AS (
      MERGE INTO ${target} t USING ${stage} s ON ${matching(key, 't', 's')}
      ${whenMatched}
      WHEN NOT MATCHED THEN INSERT (${columnList(columns)}) VALUES (${columnList(columns, 's.')})
      RETURNING merge_action() AS action)
    SELECT count(*) FILTER (WHERE action = 'INSERT') AS inserted, count(*) FILTER (WHERE action = 'UPDATE') AS updated FROM merged`;
};

/** Deletes rows that vanished upstream: of the window, or of the whole table. */
export const deleteVanished = ({ target, stage, key, window }: Application): string => `
  DELETE FROM ${target} t
  WHERE ${window ? `${inside(window, 't')} AND ` : ''}NOT EXISTS (SELECT FROM ${stage} s WHERE ${matching(key, 's', 't')})`;

/**
 * Without a key a row is its whole content, and its number among equal ones: of n equal rows here and m upstream, n - m go or m - n come.
 * Contents are compared by 128 bits of their binary form, which is exact and depends on no setting.
 * Answers one row: `inserted`, `deleted`.
 */
export const replaceByContent = ({ target, stage, columns, window }: Application): string => {
  const contents = (table: string, where = ''): string =>
    `SELECT t.ctid AS at, md5(record_send(ROW(t.*)))::uuid AS content FROM ${table} t${where}`;
  const counts = (name: string): string => `SELECT content, count(*) AS n FROM ${name} GROUP BY content`;
  const surplus = (name: string, count: string): string => `
    SELECT at FROM (SELECT c.at, row_number() OVER (PARTITION BY content ORDER BY c.at) AS number, differing.${count} AS wanted
                    FROM ${name} c JOIN differing USING (content)) numbered WHERE number > wanted`;
  return `
    WITH here AS MATERIALIZED (${contents(target, window ? ` WHERE ${inside(window, 't')}` : '')}),
    upstream AS MATERIALIZED (${contents(stage)}),
    differing AS MATERIALIZED (
      SELECT content, coalesce(h.n, 0) AS here, coalesce(u.n, 0) AS upstream
      FROM (${counts('here')}) h FULL JOIN (${counts('upstream')}) u USING (content)
      WHERE h.n IS DISTINCT FROM u.n),
    deleted AS (DELETE FROM ${target} WHERE ctid = ANY (ARRAY(${surplus('here', 'upstream')})) RETURNING 1),
    inserted AS (INSERT INTO ${target} (${columnList(columns)})
      SELECT ${columnList(columns)} FROM ${stage} WHERE ctid IN (${surplus('upstream', 'here')}) RETURNING 1)
    SELECT (SELECT count(*) FROM inserted) AS inserted, (SELECT count(*) FROM deleted) AS deleted`;
};
