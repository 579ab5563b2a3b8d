/** The one number of a KPI chart, and how it moved against the previous one when the query gives it. */
import type { Cell, ChartOptions, QueryResult } from '@freshet/contracts';
import { formatCell, formatNumber, plotValue } from './cell-format';
import { columnKind, isNumeric } from './column-kind';

export interface Kpi {
  value: string;
  /** The cell as it travelled. */
  raw: Cell;
  previous: string | null;
  /** Relative change as a fraction; null without a previous value or when that is zero. */
  change: number | null;
  /** `▲ 4%`, `▼ 1.2%` or `unchanged`; the words for the change, sign included. */
  changeText: string | null;
}

const changeWords = (change: number): string => {
  if (change === 0) return 'unchanged';
  const size = formatNumber(Math.abs(change), { format: 'percent' });
  return `${change > 0 ? '▲' : '▼'} ${size}`;
};

/** Null when the result has no row. The value is the first row's (`options.y`, else its first number, else its first cell); the previous is its next number, else the second row's. */
export const kpiOf = (
  { columns, rows }: Pick<QueryResult, 'columns' | 'rows'>,
  options: ChartOptions = {},
): Kpi | null => {
  const row = rows[0];
  if (!row) return null;
  const named = (options.y ?? [])
    .map((name) => columns.findIndex((column) => column.name === name))
    .filter((index) => index >= 0);
  const numeric = columns.flatMap((column, index) => (isNumeric(columnKind(column.type)) ? [index] : []));
  const [at = 0, second] = named.length > 0 ? named : numeric;
  const raw = row[at] ?? null;
  const before = second === undefined ? rows[1]?.[at] : row[second];

  const value = plotValue(raw);
  const previous = plotValue(before);
  const change =
    value === null || previous === null || previous === 0 ? null : (value - previous) / Math.abs(previous);
  return {
    value: formatCell(raw, columns[at], options),
    raw,
    previous:
      before === undefined || before === null ? null : formatCell(before, columns[second ?? at], options),
    change,
    changeText: change === null ? null : changeWords(change),
  };
};
