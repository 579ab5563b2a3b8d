/** The statements that bring a staged slice into its table. Names arrive quoted; the stage has the table's columns in the table's order. */
import { columnList, escapeIdentifier, escapeLiteral } from '../sql-names';
import type { SliceWindow } from './slice';

export interface Application {
  target: string;
  stage: string;
  /** All columns of the table. */
  columns: readonly string[];
  key: readonly string[];
  window?: SliceWindow;
}

const matching = (key: readonly string[], a: string, b: string): string =>
  key.map((name) => `${a}.${escapeIdentifier(name)} = ${b}.${escapeIdentifier(name)}`).join(' AND ');

/** Half-open, as all windows are. */
export const insideWindow = ({ column, from, to }: SliceWindow, alias: string): string =>
  `${alias}.${escapeIdentifier(column)} >= ${escapeLiteral(from)} AND ${alias}.${escapeIdentifier(column)} < ${escapeLiteral(to)}`;

/** Of rows with one key the last one stays: a stage is filled by one COPY, so `ctid` is the order of arrival. */
export const dropSuperseded = ({ stage, key }: Application): string => `
  DELETE FROM ${stage} s
  USING (SELECT ${columnList(key)}, max(ctid) AS last FROM ${stage} GROUP BY ${columnList(key)} HAVING count(*) > 1) d
  WHERE ${matching(key, 's', 'd')} AND s.ctid <> d.last`;
