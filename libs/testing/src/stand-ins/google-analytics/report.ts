/** Counts a report and writes it as the Data API does. */
import { dateOf, datesBetween, dayNumber } from '../../market';
import type { AnalyticsProperty } from './properties';
import { addTo, metrics, nothing, type Counts } from './metrics';
import type { OrderBy, Range, ReportRequest } from './report-request';
import { dayCells, type World } from './traffic';

export interface ReportRow {
  /** As text, in the order of the request. */
  dimensions: string[];
  metrics: string[];
}

export interface Reporting {
  world: World;
  /** Events in a range from which on a report of several days is sampled. */
  sampledFrom: number;
  /** Also reports of one day are sampled. */
  samplesDays: boolean;
  /** Rows of fewer users than this are withheld; 0 for none. */
  withheldBelow: number;
  /** Rows beyond these are put together as `(other)`. */
  mostCells: number;
}

export interface Report {
  rows: ReportRow[];
  sampling: { samplesReadCount: string; samplingSpaceSize: string } | null;
  hasOtherRow: boolean;
  wasWithheld: boolean;
}

const nextDay = (date: string): string => dateOf(dayNumber(date) + 1);

interface Cell {
  values: string[];
  counts: Counts;
}

/** Rarest first into one row, as Google does with values beyond its tables. */
const withOther = (cells: Cell[], most: number): Cell[] => {
  if (cells.length <= most) return cells;
  const kept = [...cells].sort((a, b) => b.counts.sessions - a.counts.sessions);
  const other: Cell = { values: (kept[0]?.values ?? []).map(() => '(other)'), counts: nothing() };
  for (const { counts } of kept.splice(most - 1)) addTo(other.counts, counts);
  return [...kept, other];
};

const cellsOf = (
  property: AnalyticsProperty,
  dimensions: readonly string[],
  { from, to }: Range,
  today: string,
  { world, mostCells }: Reporting,
): { cells: Cell[]; hasOtherRow: boolean } => {
  const others = dimensions.filter((name) => name !== 'date');
  const dateAt = dimensions.indexOf('date');
  const byKey = new Map<string, Cell>();
  let hasOtherRow = false;
  for (const date of datesBetween(from, nextDay(to))) {
    const found = dayCells(world, property, others, date, today);
    const cells = withOther(found, mostCells);
    hasOtherRow ||= cells !== found;
    for (const { values, counts } of cells) {
      const all =
        dateAt < 0 ? values : [...values.slice(0, dateAt), date.replaceAll('-', ''), ...values.slice(dateAt)];
      const key = all.join('\u0000');
      const cell = byKey.get(key) ?? { values: all, counts: nothing() };
      addTo(cell.counts, counts);
      byKey.set(key, cell);
    }
  }
  return { cells: [...byKey.values()], hasOtherRow };
};

/** Sampled numbers are multiples of what one sampled event stands for. */
const coarse = (counts: Counts, each: number): Counts => {
  const round = (value: number): number => Math.round(value / each) * each;
  const { eventCount, ...numbers } = counts;
  const rounded = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, round(value)]));
  return { ...counts, ...rounded, eventCount: (eventCount / BigInt(each)) * BigInt(each) };
};

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const comparing = (request: ReportRequest): ((a: ReportRow, b: ReportRow) => number) => {
  const first = request.metrics[0];
  // Without an order, Google's rows come by the first metric; with equal ones in an order of its own, which here is stable.
  const usual: OrderBy[] = first ? [{ kind: 'metric', name: first, numeric: true, descending: true }] : [];
  const orders = request.orderBys.length > 0 ? request.orderBys : usual;
  const by = orders.map(({ kind, name, numeric, descending }) => {
    const at = kind === 'dimension' ? request.dimensions.indexOf(name) : request.metrics.indexOf(name);
    return (a: ReportRow, b: ReportRow): number => {
      const [left, right] =
        kind === 'dimension' ? [a.dimensions[at], b.dimensions[at]] : [a.metrics[at], b.metrics[at]];
      const order = numeric ? Number(left) - Number(right) : compareText(left ?? '', right ?? '');
      return descending ? -order : order;
    };
  });
  const ties = (a: ReportRow, b: ReportRow): number =>
    compareText(a.dimensions.join('\u0000'), b.dimensions.join('\u0000'));
  return (a, b) => by.reduce((order, compare) => order || compare(a, b), 0) || ties(a, b);
};

/** Every row of the report, without limit and offset. */
export const countReport = (
  property: AnalyticsProperty,
  request: ReportRequest,
  today: string,
  reporting: Reporting,
): Report => {
  const report: Report = { rows: [], sampling: null, hasOtherRow: false, wasWithheld: false };
  for (const range of request.ranges) {
    const { cells, hasOtherRow } = cellsOf(property, request.dimensions, range, today, reporting);
    report.hasOtherRow ||= hasOtherRow;
    const events = cells.reduce((sum, { counts }) => sum + counts.eventCount, 0n);
    const isSampled =
      Number(events) > reporting.sampledFrom && (range.from < range.to || reporting.samplesDays);
    const each = isSampled ? Math.max(2, Math.ceil(Number(events) / Math.max(1, reporting.sampledFrom))) : 1;
    if (isSampled) {
      report.sampling = {
        samplesReadCount: String(events / BigInt(each)),
        samplingSpaceSize: String(events),
      };
    }
    for (const { values, counts } of cells) {
      if (counts.totalUsers < reporting.withheldBelow) {
        report.wasWithheld = true;
        continue;
      }
      const shown = each === 1 ? counts : coarse(counts, each);
      const found = request.metrics.map((name) => metrics[name]?.value(shown) ?? '');
      if (found.length > 0 && found.every((value) => value === '0') && !request.keepEmptyRows) continue;
      report.rows.push({
        dimensions: request.ranges.length > 1 ? [...values, range.name] : values,
        metrics: found,
      });
    }
  }
  report.rows.sort(comparing(request));
  return report;
};

/** Protobuf's JSON leaves out what is empty, zero or false. */
export const writeReport = (
  property: AnalyticsProperty,
  request: ReportRequest,
  report: Report,
  most: number,
): Record<string, unknown> => {
  const { rows, sampling, hasOtherRow, wasWithheld } = report;
  const page = rows.slice(request.offset, request.offset + Math.min(request.limit, most));
  const headers = request.ranges.length > 1 ? [...request.dimensions, 'dateRange'] : request.dimensions;
  return {
    ...(headers.length > 0 && { dimensionHeaders: headers.map((name) => ({ name })) }),
    ...(request.metrics.length > 0 && {
      metricHeaders: request.metrics.map((name) => ({ name, type: metrics[name]?.type })),
    }),
    ...(page.length > 0 && {
      rows: page.map((row) => ({
        ...(row.dimensions.length > 0 && { dimensionValues: row.dimensions.map((value) => ({ value })) }),
        ...(row.metrics.length > 0 && { metricValues: row.metrics.map((value) => ({ value })) }),
      })),
    }),
    ...(rows.length > 0 && { rowCount: rows.length }),
    metadata: {
      ...(hasOtherRow && { dataLossFromOtherRow: true }),
      currencyCode: property.currency,
      timeZone: property.timeZone,
      ...(wasWithheld && { subjectToThresholding: true }),
      ...(sampling && { samplingMetadatas: [sampling] }),
    },
    kind: 'analyticsData#runReport',
  };
};
