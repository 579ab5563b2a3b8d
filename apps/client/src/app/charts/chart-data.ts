/** Turns rows into what a chart plots: one axis and named series over it. */
import type { Cell, ChartOptions, Column, QueryResult } from '@freshet/contracts';
import { formatCell, plotValue } from './cell-format';
import { columnKind, isNumeric } from './column-kind';

export interface ChartSeries {
  name: string;
  column: Column;
  /** One for each category; null is a gap. */
  values: (number | null)[];
  /** The exact cells behind the values. */
  cells: Cell[];
}

export interface ChartData {
  x: Column | null;
  categories: Cell[];
  series: ChartSeries[];
}

type Rows = Pick<QueryResult, 'columns' | 'rows'>;

const indexOf = (columns: Column[], name: string | undefined): number =>
  name === undefined ? -1 : columns.findIndex((column) => column.name === name);

/** The value columns: those asked for, else every numeric column that is neither axis nor split. */
const valueIndexes = (columns: Column[], options: ChartOptions, taken: number[]): number[] => {
  const asked = (options.y ?? []).map((name) => indexOf(columns, name)).filter((index) => index >= 0);
  if (asked.length > 0) return asked;
  return columns.flatMap((column, index) =>
    !taken.includes(index) && isNumeric(columnKind(column.type)) ? [index] : [],
  );
};

const keyOf = (cell: Cell | undefined): string => JSON.stringify(cell ?? null);

/** Series of a result: x is the first column unless `options.x` names another; `options.series` splits values into one series for each of its values. */
export const chartData = ({ columns, rows }: Rows, options: ChartOptions = {}): ChartData => {
  const x = Math.max(indexOf(columns, options.x), 0);
  const split = indexOf(columns, options.series);
  const values = valueIndexes(columns, options, [x, split]);
  const splitColumn = columns[split];

  const places = new Map<string, number>();
  const categories: Cell[] = [];
  const series = new Map<string, ChartSeries>();

  rows.forEach((row, rowIndex) => {
    // Without a split every row is its own point: equal labels stay apart, as the query gave them.
    const key = splitColumn ? keyOf(row[x]) : String(rowIndex);
    const place = places.get(key) ?? categories.push(row[x] ?? null) - 1;
    places.set(key, place);
    for (const index of values) {
      const column = columns[index];
      if (!column) continue;
      const part = splitColumn ? formatCell(row[split], splitColumn) : null;
      const name = part === null ? column.name : values.length > 1 ? `${part} · ${column.name}` : part;
      const entry = series.get(name) ?? { name, column, values: [], cells: [] };
      series.set(name, entry);
      entry.values[place] = plotValue(row[index]);
      entry.cells[place] = row[index] ?? null;
    }
  });

  for (const entry of series.values()) {
    for (let place = 0; place < categories.length; place += 1) {
      entry.values[place] ??= null;
      entry.cells[place] ??= null;
    }
  }
  return { x: columns[x] ?? null, categories, series: [...series.values()] };
};
