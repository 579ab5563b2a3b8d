/** Which part of a chart its vendor may still restate, and how that is drawn and said (spec DB13). Pure. */
import type { BarSeriesOption, LineSeriesOption } from 'echarts';
import type { Cell } from '@freshet/contracts';
import type { ChartData } from './chart-data';
import { shortDay } from './chart-text';
import { columnKind } from './column-kind';

/** Place on the axis → whether any day it stands for is provisional. */
export type Provisional = readonly boolean[];

const dayMs = 86_400_000;
const isDay = (cell: Cell): cell is string => typeof cell === 'string' && /^\d{4}-\d\d-\d\d$/.test(cell);

/** The first moment after the days that one place stands for: a day, a week, or whole months, whichever the places have in common. */
const endOf = (days: readonly number[]): ((start: number) => number) => {
  const ordered = [...new Set(days)].toSorted((a, b) => a - b);
  const gaps = ordered.slice(1).map((day, at) => day - (ordered[at] ?? day));
  const step = gaps.length === 0 ? dayMs : gaps.reduce((a, b) => Math.min(a, b));
  const months = Math.round(step / (30.4 * dayMs));
  const byMonths = months > 0 && ordered.every((day) => new Date(day).getUTCDate() === 1);
  return (start) => {
    const date = new Date(start);
    return byMonths ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) : start + step;
  };
};

/**
 * @param from the first provisional day, `YYYY-MM-DD`; null: all are settled
 * @returns null where nothing is provisional, or where the axis has no days
 */
export const provisionalPlaces = ({ x, categories }: ChartData, from: string | null): Provisional | null => {
  if (from === null || columnKind(x?.type ?? 'text') !== 'date') return null;
  const end = endOf(categories.filter(isDay).map((day) => Date.parse(day)));
  const places = categories.map((cell) => isDay(cell) && end(Date.parse(cell)) > Date.parse(from));
  return places.includes(true) ? places : null;
};

type Decal = NonNullable<NonNullable<BarSeriesOption['itemStyle']>['decal']>;
type Points = NonNullable<LineSeriesOption['data']>;

/** The part of a line that is drawn solid, and the dashed one, which begins where the solid one ends. */
export const splitLine = (points: Points, provisional: Provisional): { settled: Points; open: Points } => {
  const without = (point: Points[number]): Points[number] =>
    Array.isArray(point) ? [point[0] ?? null, null] : null;
  const isNextToOpen = (at: number): boolean =>
    provisional[at] === true || provisional[at - 1] === true || provisional[at + 1] === true;
  return {
    settled: points.map((point, at) => (provisional[at] ? without(point) : point)),
    open: points.map((point, at) => (isNextToOpen(at) ? point : without(point))),
  };
};

/** Hatches a bar in the colour of the ground. */
export const hatching = (surface: string): Decal => ({
  symbol: 'rect',
  color: surface,
  dashArrayX: [1, 0],
  dashArrayY: [2, 4],
  rotation: -Math.PI / 4,
});

/** `provisional from Nov 19` */
export const provisionalLabel = (from: string): string => `provisional from ${shortDay(from)}`;

export const provisionalSentence = (from: string): string =>
  `Values of ${shortDay(from)} and later are provisional: their vendor may still restate them.`;
