/** A pie's slices: the largest first, the small rest as one, so that each can be told from its neighbours. */
import type { ChartOptions } from '@freshet/contracts';
import type { PieSeriesOption } from 'echarts';
import { formatCell, formatNumber } from './cell-format';
import type { ChartData } from './chart-data';
import { escapeHtml } from './chart-text';
import type { ChartTheme } from './palette';

export interface Slice {
  name: string;
  value: number;
}

const mostSlices = 8;

/** Slices of the first series, largest first; what is null, zero or negative has no share. */
export const pieSlices = (data: ChartData): Slice[] => {
  const values = data.series[0]?.values ?? [];
  const slices = data.categories
    .map((category, at) => ({ name: formatCell(category, data.x ?? undefined), value: values[at] ?? 0 }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value);
  if (slices.length <= mostSlices) return slices;
  const rest = slices.slice(mostSlices - 1);
  return [
    ...slices.slice(0, mostSlices - 1),
    { name: `Other (${String(rest.length)})`, value: rest.reduce((sum, { value }) => sum + value, 0) },
  ];
};

export const pieSeries = (data: ChartData, options: ChartOptions, theme: ChartTheme): PieSeriesOption => {
  const slices = pieSlices(data);
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  const share = (value: number): string =>
    formatNumber(total === 0 ? 0 : value / total, { format: 'percent' });
  return {
    type: 'pie',
    // Small enough that names have room beside it on a phone.
    radius: ['36%', '54%'],
    data: slices,
    itemStyle: { borderColor: theme.surface, borderWidth: 2 },
    label: {
      color: theme.text,
      formatter: ({ name, value }) => `${name}\n${share(Number(value))}`,
      lineHeight: 16,
      bleedMargin: 2,
      overflow: 'truncate',
    },
    labelLine: { length: 8, length2: 4, lineStyle: { color: theme.muted } },
    tooltip: {
      formatter: (slice) => {
        const { name, value } = Array.isArray(slice) ? slice[0] : slice;
        return `${escapeHtml(String(name))}<br><b>${escapeHtml(formatNumber(Number(value), options))}</b> (${share(Number(value))})`;
      },
    },
  };
};
