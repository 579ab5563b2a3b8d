/** The ECharts option of a chart: a pure function of its type, result and theme. KPI and table are drawn as text and have none. */
import type { Cell, ChartOptions, ChartType, Column, QueryResult } from '@freshet/contracts';
import type { BarSeriesOption, LineSeriesOption } from 'echarts';
import type { AxisOptions, ChartEchartsOption } from './echarts-types';
import { formatAxisNumber, formatCell, missing, type ValueFormat } from './cell-format';
import { chartData, type ChartData, type ChartSeries } from './chart-data';
import { columnKind, isTemporal } from './column-kind';
import { chartFont, type ChartTheme } from './palette';
import { pieSeries } from './pie-slices';
import { shortDay, tooltipHtml } from './chart-text';
import { hatching, provisionalPlaces, splitLine, type Provisional } from './provisional';

export type PlottedType = Exclude<ChartType, 'kpi' | 'table'>;
export const isPlotted = (type: ChartType): type is PlottedType => type !== 'kpi' && type !== 'table';

/** Above this many points single markers only clutter. */
const mostMarkers = 40;

const isLine = (type: PlottedType): boolean => type === 'line' || type === 'area';

/** Dates are drawn in UTC, since a day has no zone; moments in the reader's zone. */
const inUtc = (data: ChartData): boolean => columnKind(data.x?.type ?? 'text') === 'date';

const epoch = (cell: unknown): number => Date.parse(String(cell));

/** Whole numbers on an axis are names (years, weeks), not amounts. */
const categoryLabel = (cell: Cell, x: Column | null): string => {
  const kind = columnKind(x?.type ?? 'text');
  if (cell === null) return missing;
  if (kind === 'date') return shortDay(String(cell));
  return kind === 'integer' ? String(cell) : formatCell(cell, x ?? undefined);
};

const categoryAxis = (data: ChartData, theme: ChartTheme, inverse: boolean): AxisOptions => {
  return {
    type: 'category',
    inverse,
    data: data.categories.map((cell) => categoryLabel(cell, data.x)),
    axisLine: { lineStyle: { color: theme.grid } },
    axisTick: { show: false },
    axisLabel: {
      color: theme.muted,
      hideOverlap: true,
      ...(inverse ? { width: 140, overflow: 'truncate' } : {}),
    },
  };
};

const timeAxis = (theme: ChartTheme): AxisOptions => ({
  type: 'time',
  axisLine: { lineStyle: { color: theme.grid } },
  axisTick: { show: false },
  axisLabel: {
    color: theme.muted,
    hideOverlap: true,
    formatter: { year: '{yyyy}', month: '{MMM}', day: '{MMM} {d}', hour: '{HH}:{mm}', minute: '{HH}:{mm}' },
  },
});

const valueAxis = (format: ValueFormat, theme: ChartTheme): AxisOptions => ({
  type: 'value',
  splitLine: { lineStyle: { color: theme.grid } },
  axisLabel: {
    color: theme.muted,
    formatter: (value: number) => formatAxisNumber(value, format),
    hideOverlap: true,
  },
  splitNumber: 4,
});

type Series = NonNullable<Extract<ChartEchartsOption['series'], readonly unknown[]>>;
type LineData = NonNullable<LineSeriesOption['data']>;

/** One line, or two where its end is provisional: they share name and colour, so that the legend has them once. */
const lines = (
  type: PlottedType,
  { name, values }: ChartSeries,
  points: LineData,
  provisional: Provisional | null,
  color: string | undefined,
): LineSeriesOption[] => {
  const line: LineSeriesOption = {
    type: 'line',
    name,
    data: points,
    connectNulls: false,
    showSymbol: values.length <= mostMarkers,
    symbolSize: 6,
    lineStyle: { width: 2 },
    ...(type === 'area' ? { areaStyle: { opacity: 0.18 } } : {}),
    ...(values.length > 2_000 ? { sampling: 'lttb' as const } : {}),
  };
  if (!provisional) return [line];
  const { settled, open } = splitLine(points, provisional);
  const dashed: LineSeriesOption = {
    ...line,
    data: open,
    lineStyle: { width: 2, type: [4, 4] },
    ...(type === 'area' ? { areaStyle: { opacity: 0.07 } } : {}),
  };
  return [{ ...line, data: settled }, dashed].map((part) => ({ ...part, ...(color && { color }) }));
};

const bars = (
  type: PlottedType,
  { name, values }: ChartSeries,
  provisional: Provisional | null,
  theme: ChartTheme,
): BarSeriesOption => ({
  type: 'bar',
  name,
  data: provisional
    ? values.map((value, at) =>
        provisional[at] ? { value: value ?? '-', itemStyle: { decal: hatching(theme.surface) } } : value,
      )
    : values,
  barMaxWidth: 48,
  ...(type === 'stacked' ? { stack: 'all' } : {}),
});

/** The dashed ends of lines come after all the solid ones: a series' place in the data is its index modulo their number. */
const plottedSeries = (
  type: PlottedType,
  data: ChartData,
  onTime: boolean,
  provisional: Provisional | null,
  theme: ChartTheme,
): Series => {
  if (!isLine(type)) return data.series.map((series) => bars(type, series, provisional, theme));
  const pairs = data.series.map((series, at) => {
    const { values } = series;
    const points = onTime ? values.map((value, place) => [epoch(data.categories[place]), value]) : values;
    const color = theme.palette[at % theme.palette.length];
    return lines(type, series, points as LineData, provisional, color);
  });
  return [...pairs.flatMap(([solid]) => solid ?? []), ...pairs.flatMap(([, dashed]) => dashed ?? [])];
};

/**
 * Shapes: `line`, `area`, `bar`, `hbar`, `stacked` plot series over the x column, `pie` the first value column by it.
 * Lines over a date or timestamp get a true time axis; bars keep one slot for each row. Nulls are gaps. Over days, what is
 * provisional is dashed (lines) or hatched (bars).
 */
export const chartOption = (
  type: PlottedType,
  result: Pick<QueryResult, 'columns' | 'rows'> & Partial<Pick<QueryResult, 'provisionalFrom'>>,
  options: ChartOptions,
  theme: ChartTheme,
): ChartEchartsOption => {
  const data = chartData(result, options);
  const provisional = provisionalPlaces(data, result.provisionalFrom ?? null);
  const tooltip = {
    backgroundColor: theme.surface,
    borderColor: theme.grid,
    textStyle: { color: theme.text, fontSize: 13 },
    confine: true,
    appendTo: 'body',
  };
  const shared: ChartEchartsOption = {
    animation: false,
    color: [...theme.palette],
    textStyle: { fontFamily: chartFont, color: theme.text },
  };
  if (type === 'pie') {
    return { ...shared, tooltip: { ...tooltip, trigger: 'item' }, series: [pieSeries(data, options, theme)] };
  }

  const onTime = isLine(type) && isTemporal(columnKind(data.x?.type ?? 'text'));
  const horizontal = type === 'hbar';
  const along = onTime ? timeAxis(theme) : categoryAxis(data, theme, horizontal);
  const across = valueAxis(options, theme);
  const several = data.series.length > 1;
  return {
    ...shared,
    useUTC: inUtc(data),
    legend: several
      ? {
          type: 'scroll',
          top: 0,
          left: 0,
          itemWidth: 14,
          itemHeight: 8,
          textStyle: { color: theme.text },
          pageTextStyle: { color: theme.muted },
        }
      : { show: false },
    grid: {
      left: 4,
      right: 12,
      top: several ? 36 : 12,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: {
      ...tooltip,
      trigger: 'axis',
      formatter: (at: unknown) => tooltipHtml(at, data, options, provisional),
    },
    xAxis: horizontal ? across : along,
    yAxis: horizontal ? along : across,
    series: plottedSeries(type, data, onTime, provisional, theme),
  };
};
