/** Reports, their runs and results: a run takes several looks until it is done, and a result is read by pages whose tokens grow old. */
import { datesBetween, dateOf, dayNumber } from '../../market';
import { refuseAsGoogle } from '../google-identity';
import { cellsOf, type World } from './delivery';
import { dimensions, metrics, moneyText, rowsOf, type ReportRow } from './fields';
import type { ReportDefinition } from './report-definition';

/** How a run ends: numbers of google.rpc.Code. */
export interface ReportFailure {
  code: number;
  message: string;
}

export interface ReportBehaviour {
  /** `number`: dates as 20260301, money as a double; `text`: dates as 2026-03-01, money as decimal text. */
  encoding: 'number' | 'text';
  /** Looks at a run until it is done; 0: done at once. */
  looks: number;
  /** The service may give fewer rows on a page than it was asked for. */
  mostRowsOnPage: number;
  /** So many rows at the end are counted but never given, as when a page got lost. */
  lostRows: number;
  /** Rows lack their last value. */
  shortRows: boolean;
  /** Reports hold rows of tomorrow, too. */
  futureRows: boolean;
}

interface Run {
  report: string;
  world: World;
  looks: number;
  failure: ReportFailure | null;
  result: string | null;
}

interface Result {
  definition: ReportDefinition;
  rows: ReportRow[];
  ranAt: Date;
}

export interface RowsRequest {
  name: string;
  pageSize: number;
  pageToken: string;
}

const tokenLife = 3_600_000;
const keptResults = 200;
const typeUrl = 'type.googleapis.com/google.ads.admanager.v1';
const reference = (date: string): unknown => {
  const [year, month, day] = date.split('-').map(Number);
  return { year, month, day };
};

export class ReportJobs {
  readonly failures: ReportFailure[] = [];
  private serial = 4_555_265_000;
  private tokensFrom = 0;
  private readonly reports = new Map<string, ReportDefinition>();
  private readonly runs = new Map<string, Run>();
  private readonly results = new Map<string, Result>();

  constructor(
    private readonly behaviour: ReportBehaviour,
    private readonly now: () => Date,
  ) {}

  create(network: string, definition: ReportDefinition): { name: string; id: string } {
    const id = String(++this.serial);
    const name = `networks/${network}/reports/${id}`;
    this.reports.set(name, definition);
    return { name, id };
  }

  /** Starts an operation. */
  run(report: string, world: World): unknown {
    if (!this.reports.has(report))
      return refuseAsGoogle('NOT_FOUND', `Requested entity was not found: ${report}`);
    const name = `networks/${world.network.code}/operations/reports/runs/${++this.serial}`;
    this.runs.set(name, { report, world, looks: 0, failure: this.failures.shift() ?? null, result: null });
    return this.shown(name);
  }

  /** Looks at an operation; each look brings it nearer to its end. */
  operation(name: string): unknown {
    const run = this.runs.get(name);
    if (!run) return refuseAsGoogle('NOT_FOUND', `Requested entity was not found: ${name}`);
    run.looks += 1;
    return this.shown(name);
  }

  private shown(name: string): unknown {
    const run = this.runs.get(name);
    if (!run) return null;
    const share = Math.min(
      1,
      (run.looks + (this.behaviour.looks === 0 ? 1 : 0)) / Math.max(1, this.behaviour.looks),
    );
    const metadata = {
      '@type': `${typeUrl}.RunReportMetadata`,
      percentComplete: Math.floor(100 * share),
      report: run.report,
    };
    if (share < 1) return { name, metadata, done: false };
    if (run.failure) return { name, metadata, done: true, error: { ...run.failure, details: [] } };
    run.result ??= this.evaluate(run);
    const response = { '@type': `${typeUrl}.RunReportResponse`, reportResult: run.result };
    return { name, metadata, done: true, response };
  }

  private evaluate({ report, world }: Run): string {
    const definition = this.reports.get(report);
    if (!definition) return '';
    const end = dateOf(dayNumber(definition.to) + 1);
    const cells = cellsOf(world, definition.cube, datesBetween(definition.from, end));
    if (this.behaviour.futureRows && cells.length > 0) {
      const tomorrow = dateOf(dayNumber(world.today) + 1);
      cells.push(...cells.slice(-2).map((cell) => ({ ...cell, date: tomorrow })));
    }
    const rows = rowsOf(cells, definition.dimensions, definition.metrics);
    const name = `${report}/results/${++this.serial}`;
    this.results.set(name, { definition, rows, ranAt: this.now() });
    const oldest = this.results.keys().next().value;
    if (this.results.size > keptResults && oldest !== undefined) this.results.delete(oldest);
    return name;
  }

  rows({ name, pageSize, pageToken }: RowsRequest): unknown {
    const result = this.results.get(name);
    if (!result) return refuseAsGoogle('NOT_FOUND', `Requested entity was not found: ${name}`);
    if (pageSize < 0) return refuseAsGoogle('INVALID_ARGUMENT', 'page_size must not be negative.');
    const { definition, rows, ranAt } = result;
    const from = pageToken === '' ? 0 : this.opened(pageToken, name);
    const size = Math.min(pageSize || 1_000, 10_000, this.behaviour.mostRowsOnPage);
    const last = rows.length - this.behaviour.lostRows;
    const page = rows.slice(from, Math.min(from + size, last));
    const next = from + size < last ? this.token(name, from + size) : null;
    return {
      ...(page.length > 0 && { rows: page.map((row) => this.written(definition, row)) }),
      runTime: ranAt.toISOString(),
      ...(pageToken === '' && {
        dateRanges: [{ startDate: reference(definition.from), endDate: reference(definition.to) }],
        totalRowCount: rows.length,
      }),
      ...(next !== null && { nextPageToken: next }),
    };
  }

  private written(definition: ReportDefinition, row: ReportRow): unknown {
    const { encoding, shortRows } = this.behaviour;
    const dimensionValues = row.dimensions.map((value, place) => {
      const format = dimensions[definition.dimensions[place] ?? '']?.format;
      if (format === 'STRING') return value === '' ? {} : { stringValue: value };
      if (format === 'IDENTIFIER') return { intValue: value };
      return encoding === 'text' ? { stringValue: value } : { intValue: value.replaceAll('-', '') };
    });
    const primaryValues = row.metrics.map((value, place) => {
      const format = metrics[definition.metrics[place] ?? '']?.format;
      if (value === null) return {};
      if (format === 'INTEGER') return { intValue: String(value) };
      if (format === 'PERCENT') return { doubleValue: value };
      return encoding === 'text'
        ? { stringValue: moneyText(value) }
        : { doubleValue: Number(moneyText(value)) };
    });
    return {
      dimensionValues,
      metricValueGroups: [{ primaryValues: shortRows ? primaryValues.slice(0, -1) : primaryValues }],
    };
  }

  /** All tokens given out so far are too old. */
  expireTokens(): void {
    this.tokensFrom = ++this.serial;
  }

  private token(name: string, from: number): string {
    const token = { name, from, serial: ++this.serial, at: this.now().getTime() };
    return Buffer.from(JSON.stringify(token)).toString('base64url');
  }

  private opened(token: string, name: string): number {
    let read: { name?: string; from?: number; serial?: number; at?: number };
    try {
      read = JSON.parse(Buffer.from(token, 'base64url').toString()) as typeof read;
    } catch {
      return refuseAsGoogle('INVALID_ARGUMENT', 'The page token is invalid.', {
        reason: 'INVALID_PAGE_TOKEN',
      });
    }
    if (read.name !== name)
      return refuseAsGoogle('INVALID_ARGUMENT', 'The page token is invalid.', {
        reason: 'INVALID_PAGE_TOKEN',
      });
    const isOld = (read.serial ?? 0) <= this.tokensFrom || this.now().getTime() - (read.at ?? 0) > tokenLife;
    if (isOld)
      return refuseAsGoogle('INVALID_ARGUMENT', 'The page token has expired.', {
        reason: 'EXPIRED_PAGE_TOKEN',
      });
    return read.from ?? 0;
  }
}
