/** What a chart says in words: axis days, the tooltip, and the one-sentence alternative to the picture. */
import type { ChartOptions, ChartType } from '@freshet/contracts';
import { formatCell, formatNumber } from './cell-format';
import type { ChartData, ChartSeries } from './chart-data';
import { columnKind } from './column-kind';

const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** `2026-11-16` → `Nov 16`; anything else stays as it is. */
export const shortDay = (day: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(day) ? dayFormat.format(new Date(`${day}T00:00:00Z`)) : day;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Values come from people's data, and ECharts writes a tooltip as HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

interface TooltipPoint {
  dataIndex: number;
  seriesIndex: number;
  marker: string;
}
const isPoint = (value: unknown): value is TooltipPoint =>
  typeof value === 'object' && value !== null && 'dataIndex' in value && 'seriesIndex' in value;

/** The tooltip over one place of the axis: exact values, aligned right. */
export const tooltipHtml = (
  points: unknown,
  data: ChartData,
  options: ChartOptions,
  provisional: readonly boolean[] | null = null,
): string => {
  const list = (Array.isArray(points) ? points : [points]).filter(isPoint);
  const place = list[0]?.dataIndex;
  if (place === undefined) return '';
  const told = new Set<ChartSeries>();
  const lines = list.flatMap(({ seriesIndex, marker }) => {
    // A line whose end is dashed is drawn as two.
    const series = data.series[seriesIndex % data.series.length];
    if (!series || told.has(series)) return [];
    told.add(series);
    const value = escapeHtml(formatCell(series.cells[place], series.column, options));
    return [
      `<tr><td>${marker}${escapeHtml(series.name)}</td><td style="text-align:right;padding-left:16px;font-weight:600">${value}</td></tr>`,
    ];
  });
  const title = escapeHtml(formatCell(data.categories[place], data.x ?? undefined));
  const note = provisional?.[place] ? ' · provisional' : '';
  return `<div style="font-variant-numeric:tabular-nums">${title}${note}<table>${lines.join('')}</table></div>`;
};

const typeNames: Record<ChartType, string> = {
  kpi: 'Key figure',
  line: 'Line chart',
  area: 'Area chart',
  bar: 'Bar chart',
  hbar: 'Horizontal bar chart',
  stacked: 'Stacked bar chart',
  pie: 'Pie chart',
  table: 'Table',
};
export const chartTypeName = (type: ChartType): string => typeNames[type];

const seriesSentence = (series: ChartData['series'][number], options: ChartOptions): string => {
  const values = series.values.filter((value): value is number => value !== null);
  const last = values.at(-1);
  if (last === undefined) return `${series.name} has no values`;
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const show = (value: number): string => formatNumber(value, options);
  return `${series.name} from ${show(low)} to ${show(high)}, last ${show(last)}`;
};

/** `Line chart of Sessions by date, 90 points from 2026-08-13 to 2026-11-10. sessions from 120 to 940, last 812.` */
export const chartSummary = (
  type: ChartType,
  title: string,
  data: ChartData,
  options: ChartOptions = {},
): string => {
  const count = data.categories.length;
  if (count === 0) return `${chartTypeName(type)} of ${title}, without any rows.`;
  const ordered = data.x !== null && ['date', 'time', 'integer'].includes(columnKind(data.x.type));
  const ends = ordered
    ? ` from ${formatCell(data.categories[0], data.x ?? undefined)} to ${formatCell(data.categories[count - 1], data.x ?? undefined)}`
    : '';
  const shown = data.series.slice(0, 4).map((series) => seriesSentence(series, options));
  const more = data.series.length > 4 ? `; and ${String(data.series.length - 4)} more series` : '';
  return `${chartTypeName(type)} of ${title} by ${data.x?.name ?? 'row'}, ${String(count)} ${count === 1 ? 'point' : 'points'}${ends}. ${shown.join('; ')}${more}.`;
};
