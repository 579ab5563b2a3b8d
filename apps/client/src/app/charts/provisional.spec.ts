import type { Cell } from '@freshet/contracts';
import { chartData } from './chart-data';
import { chartOption, type PlottedType } from './chart-option';
import { tooltipHtml } from './chart-text';
import { chartTheme } from './palette';
import { provisionalLabel, provisionalPlaces } from './provisional';

const over = (days: string[], type = 'date') => ({
  columns: [
    { name: 'day', type },
    { name: 'sessions', type: 'int8' },
    { name: 'users', type: 'int8' },
  ],
  rows: days.map((day, at): Cell[] => [day, String(at + 1), String(at + 10)]),
});
const week = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'];
const places = (days: string[], from: string | null, type?: string) =>
  provisionalPlaces(chartData(over(days, type)), from);
const seriesOf = (type: PlottedType, from: string | null, days = week) =>
  [
    chartOption(type, { ...over(days), provisionalFrom: from }, {}, chartTheme(false)).series ?? [],
  ].flat() as {
    name: string;
    color?: string;
    data: unknown[];
    lineStyle?: { type?: unknown };
  }[];
const valuesOf = ({ data }: { data: unknown[] }): unknown[] =>
  data.map((point) => (Array.isArray(point) ? (point[1] as unknown) : point));

describe('what is provisional', () => {
  it('is the day itself and what comes later', () =>
    expect(places(week, '2026-11-19')).toEqual([false, false, false, true, true]));

  it('is a week or a month of which any day is', () => {
    expect(places(['2026-11-02', '2026-11-09', '2026-11-16'], '2026-11-19')).toEqual([false, false, true]);
    expect(places(['2026-09-01', '2026-10-01', '2026-11-01'], '2026-10-31')).toEqual([false, true, true]);
    expect(places(['2026-09-01', '2026-10-01', '2026-11-01'], '2026-11-01')).toEqual([false, false, true]);
  });

  it('is a day and not the gap after it', () =>
    expect(places(['2026-11-16', '2026-11-17', '2026-11-20'], '2026-11-18')).toEqual([false, false, true]));

  it('is the same in any order of rows', () =>
    expect(places(week.toReversed(), '2026-11-20')).toEqual([true, false, false, false, false]));

  it('is nothing where all is settled, or where the axis has no days', () => {
    expect(places(week, null)).toBeNull();
    expect(places(week, '2026-11-21')).toBeNull();
    expect(places(week, '2026-11-19', 'text')).toBeNull();
    expect(places([], '2026-11-19')).toBeNull();
  });
});

describe('the provisional end of a chart', () => {
  it.each(['line', 'area'] as const)(
    'is dashed in a chart of kind %s, and joined to what is settled',
    (type) => {
      const [sessions, users, openSessions, openUsers] = seriesOf(type, '2026-11-19');
      expect(valuesOf(sessions!)).toEqual([1, 2, 3, null, null]);
      expect(valuesOf(openSessions!)).toEqual([null, null, 3, 4, 5]);
      expect(sessions?.lineStyle?.type).toBeUndefined();
      expect(openSessions?.lineStyle?.type).toEqual([4, 4]);
      expect([openSessions?.name, openUsers?.name]).toEqual(['sessions', 'users']);
      expect([openSessions?.color, openUsers?.color]).toEqual([sessions?.color, users?.color]);
      expect(sessions?.color).not.toBe(users?.color);
    },
  );

  it.each(['bar', 'hbar', 'stacked'] as const)('is hatched in a chart of kind %s', (type) => {
    const [sessions] = seriesOf(type, '2026-11-20');
    expect(sessions?.data.slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(sessions?.data[4]).toMatchObject({ value: 5, itemStyle: { decal: { symbol: 'rect' } } });
  });

  it('is drawn as everything else when all is settled', () => {
    expect(seriesOf('line', null)).toEqual(seriesOf('line', '2026-12-01'));
    expect(seriesOf('line', null)).toHaveLength(2);
  });

  it('is told in the tooltip, where each series still stands once', () => {
    const data = chartData(over(week));
    const points = [0, 1, 2, 3].map((seriesIndex) => ({ dataIndex: 3, seriesIndex, marker: '•' }));
    const html = tooltipHtml(points, data, {}, provisionalPlaces(data, '2026-11-19'));
    expect(html).toContain('2026-11-19 · provisional');
    expect(html.match(/<tr>/g)).toHaveLength(2);
    expect(tooltipHtml([{ dataIndex: 2, seriesIndex: 0, marker: '' }], data, {}, provisionalPlaces(data, '2026-11-19'))).not.toContain('provisional'); // prettier-ignore
  });

  it('is labelled with its first day', () =>
    expect(provisionalLabel('2026-11-19')).toBe('provisional from Nov 19'));
});
