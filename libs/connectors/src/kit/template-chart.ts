/** Shortens the charts of templates to what they differ in. */
import type { ChartInput, ChartOptions, ChartType } from '@freshet/contracts';

/** @param place columns from the left (of 12) and rows from the top, then width and height */
export const templateChart = (
  title: string,
  type: ChartType,
  [x, y, w, h]: readonly [x: number, y: number, w: number, h: number],
  sql: string,
  options: ChartOptions = {},
): ChartInput => ({ title, type, sql, params: [], options, layout: { x, y, w, h } });
