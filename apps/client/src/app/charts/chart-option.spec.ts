import { chartOption, type PlottedType } from './chart-option';
import { chartData } from './chart-data';
import { pieSlices } from './pie-slices';
import { chartTheme } from './palette';
import { chartSummary, escapeHtml } from './chart-text';
import type { Cell, ChartOptions } from '@freshet/contracts';

const daily = {
  columns: [
    { name: 'date', type: 'date' },
    { name: 'sessions', type: 'int8' },
    { name: 'revenue', type: 'numeric' },
  ],
  rows: [
    ['2026-11-14', '120', '9.50'],
    ['2026-11-15', null, '7.25'],
    ['2026-11-16', '90', null],
  ] as Cell[][],
};
const byChannel = {
  columns: [
    { name: 'date', type: 'date' },
    { name: 'channel', type: 'text' },
    { name: 'sessions', type: 'int8' },
  ],
  rows: [
    ['2026-11-14', 'paid', '1'],
    ['2026-11-14', 'email', '2'],
    ['2026-11-15', 'email', '3'],
  ] as Cell[][],
};

const seriesOf = (type: PlottedType, result: typeof daily, options: ChartOptions = {}) =>
  [chartOption(type, result, options, chartTheme(false)).series ?? []].flat() as {
    type: string;
    name: string;
    data: unknown[];
    stack?: string;
    connectNulls?: boolean;
  }[];
const axis = (
  type: PlottedType,
  which: 'xAxis' | 'yAxis',
  result = daily,
): { type: string; data?: string[]; inverse?: boolean } =>
  chartOption(type, result, {}, chartTheme(false))[which] as {
    type: string;
    data?: string[];
    inverse?: boolean;
  };

describe('series', () => {
  it('takes the first column as axis and every other numeric column as a series', () => {
    expect(seriesOf('bar', daily).map(({ name }) => name)).toEqual(['sessions', 'revenue']);
  });

  it('plots only the columns asked for', () => {
    expect(seriesOf('bar', daily, { y: ['revenue'] })).toEqual([
      expect.objectContaining({ name: 'revenue', data: [9.5, 7.25, null] }),
    ]);
  });

  it('leaves a gap where there is no value', () => {
    const [line] = seriesOf('line', daily, { y: ['sessions'] });
    expect(line).toMatchObject({
      connectNulls: false,
      data: [
        [Date.UTC(2026, 10, 14), 120],
        [Date.UTC(2026, 10, 15), null],
        [Date.UTC(2026, 10, 16), 90],
      ],
    });
  });

  it('splits a value column into one series for each value of another', () => {
    const split = seriesOf('stacked', byChannel, { series: 'channel' });
    expect(split.map(({ name, data, stack }) => ({ name, data, stack }))).toEqual([
      { name: 'paid', data: [1, null], stack: 'all' },
      { name: 'email', data: [2, 3], stack: 'all' },
    ]);
  });

  it('keeps rows with equal labels apart', () => {
    expect(
      chartData({
        columns: daily.columns,
        rows: [
          ['2026-11-14', '1', '1'],
          ['2026-11-14', '2', '2'],
        ],
      }).categories,
    ).toHaveLength(2);
  });
});

describe('axes', () => {
  it('draws lines over days on a time axis, bars on slots', () => {
    expect(axis('line', 'xAxis').type).toBe('time');
    expect(axis('bar', 'xAxis')).toMatchObject({ type: 'category', data: ['Nov 14', 'Nov 15', 'Nov 16'] });
  });

  it('lets horizontal bars read from the top', () => {
    expect(axis('hbar', 'yAxis')).toMatchObject({ type: 'category', inverse: true });
    expect(axis('hbar', 'xAxis').type).toBe('value');
  });

  it('draws days in UTC and moments in the zone of the reader', () => {
    expect(chartOption('line', daily, {}, chartTheme(false))['useUTC']).toBe(true);
    const hourly = { ...daily, columns: [{ name: 'at', type: 'timestamptz' }, ...daily.columns.slice(1)] };
    expect(chartOption('line', hourly, {}, chartTheme(false))['useUTC']).toBe(false);
  });

  it('shows a legend only for several series', () => {
    expect(chartOption('line', daily, {}, chartTheme(false)).legend).not.toMatchObject({ show: false });
    expect(chartOption('line', daily, { y: ['sessions'] }, chartTheme(false)).legend).toMatchObject({
      show: false,
    });
  });

  it('never moves by itself', () =>
    expect(chartOption('area', daily, {}, chartTheme(true))['animation']).toBe(false));
});

describe('pie', () => {
  const shares = (values: (string | null)[]) =>
    pieSlices(
      chartData({
        columns: [
          { name: 'channel', type: 'text' },
          { name: 'n', type: 'int8' },
        ],
        rows: values.map((value, at) => [`c${String(at)}`, value]),
      }),
    );

  it('orders slices by size and leaves out what has no share', () => {
    expect(shares(['1', null, '5', '-2', '0'])).toEqual([
      { name: 'c2', value: 5 },
      { name: 'c0', value: 1 },
    ]);
  });

  it('gathers the small rest, so that eight slices remain', () => {
    const slices = shares(['10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
    expect(slices).toHaveLength(8);
    expect(slices.at(-1)).toEqual({ name: 'Other (3)', value: 6 });
  });
});

describe('words', () => {
  it('tells a chart in a sentence', () => {
    expect(chartSummary('line', 'Traffic', chartData(daily, { y: ['sessions'] }))).toBe(
      'Line chart of Traffic by date, 3 points from 2026-11-14 to 2026-11-16. sessions from 90 to 120, last 90.',
    );
  });

  it('says so when there are no rows', () => {
    expect(chartSummary('bar', 'Traffic', chartData({ columns: daily.columns, rows: [] }))).toBe(
      'Bar chart of Traffic, without any rows.',
    );
  });

  it('makes markup in data harmless', () =>
    expect(escapeHtml('<img src=x onerror="1">')).toBe('&lt;img src=x onerror=&quot;1&quot;&gt;'));
});
