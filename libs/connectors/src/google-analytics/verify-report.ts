/** Tells whether an answer is the page of the report that was asked for, and whether the pages together are the whole of it. */
import { FreshetError } from '@freshet/contracts';
import type { ReportResponse } from './analytics-client';

/** What was asked, so that an answer to something else is not taken for it. */
export interface Asked {
  /** The first one is `date`. */
  dimensions: readonly string[];
  metrics: readonly string[];
  /** `YYYYMMDD`, both included. */
  first: string;
  last: string;
}

const changed = (what: string): FreshetError =>
  new FreshetError('source_changed', `The report of Google Analytics changed while it was read: ${what}.`, {
    action: 'Nothing to do: these days are read again.',
  });

const namesOf = (headers: readonly { name?: string | null }[] | undefined): string =>
  (headers ?? []).map(({ name }) => name).join();

const verifyAnswer = (report: ReportResponse, { dimensions, metrics, first, last }: Asked): void => {
  const { dimensionHeaders, metricHeaders, rows = [] } = report;
  if (namesOf(dimensionHeaders) !== dimensions.join() || namesOf(metricHeaders) !== metrics.join())
    throw changed('the answer has other fields than were asked for');
  for (const { dimensionValues = [], metricValues = [] } of rows) {
    if (dimensionValues.length !== dimensions.length || metricValues.length !== metrics.length)
      throw changed('a row is not whole');
    const date = dimensionValues[0]?.value ?? '';
    if (/^\d{8}$/.test(date) && (date < first || date > last))
      throw changed('it has rows of days that were not asked for');
  }
};

type ReportRow = NonNullable<ReportResponse['rows']>[number];

const keyOf = ({ dimensionValues = [] }: ReportRow): string =>
  JSON.stringify(dimensionValues.map(({ value }) => value));

/** Watches over the pages of one report. */
export class ReportPages {
  /** Rows of the pages accepted so far: where the next one begins. */
  offset = 0;
  /** Rows that the report has, by its own account; null before the first page. */
  private total: number | null = null;
  /** First and last rows of the pages so far: one that comes again is a page that comes again. */
  private readonly edges = new Set<string>();

  constructor(private readonly asked: Asked) {}

  get isWhole(): boolean {
    return this.total !== null && this.offset >= this.total;
  }

  /** Share of the report, 0–1. */
  get progress(): number {
    return this.total ? this.offset / this.total : 1;
  }

  /** Throws `source_changed` for a page that does not go on where the ones before ended. An empty report has neither rows nor a count. */
  verify(page: ReportResponse): void {
    verifyAnswer(page, this.asked);
    const { rows = [] } = page;
    const total = page.rowCount ?? 0;
    if (this.total !== null && total !== this.total) throw changed('it has more or fewer rows than before');
    if (this.offset + rows.length > total) throw changed('it has more rows than it says');
    if (rows.length === 0 && this.offset < total) throw changed('rows are missing');
    if (rows[0] && this.edges.has(keyOf(rows[0]))) throw changed('a page came twice');
  }

  accept({ rows = [], rowCount }: ReportResponse): void {
    this.total = rowCount ?? 0;
    this.offset += rows.length;
    for (const edge of [rows[0], rows.at(-1)]) if (edge) this.edges.add(keyOf(edge));
  }
}
