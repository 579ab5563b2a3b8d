/** A report's CSV as pages: its header, and some of its rows as text. */
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { FreshetError } from '@freshet/contracts';
import type { Page } from '../kit/connector';
import type { Spool } from '../kit/spool';
import type { ReportType } from './csv-api';

export interface ReportPage {
  type: ReportType;
  /** Some names repeat: ActBlue calls columns it does not use any more "Reserved". */
  header: string[];
  rows: string[][];
}

/** Fields by name; of names that repeat, the first. Absent ones and '' are null. */
export type ReportRow = (name: string) => string | null;

export const rowsOf = function* ({ header, rows }: ReportPage): Generator<ReportRow> {
  const places = new Map<string, number>();
  header.forEach((name, place) => {
    if (!places.has(name)) places.set(name, place);
  });
  for (const row of rows) yield (name) => row[places.get(name) ?? -1]?.trim() || null;
};

const rowsAPage = 1_000;

/** At least one page, also for a report without rows. */
export const pagesOf = async function* (
  type: ReportType,
  spool: Spool,
  share: { from: number; to: number } = { from: 0, to: 1 },
): AsyncGenerator<Page<ReportPage>> {
  const parser = parse({ bom: true, skip_empty_lines: true });
  let header: string[] | null = null;
  let rows: string[][] = [];
  const page = (done: number): Page<ReportPage> => {
    const full = { type, header: header ?? [], rows };
    rows = [];
    return { body: full, progress: share.from + (share.to - share.from) * Math.min(1, done) };
  };
  try {
    const records = Readable.from(spool.chunks()).pipe(parser) as AsyncIterable<string[]>;
    for await (const record of records) {
      if (header === null) header = record;
      else if (rows.push(record) === rowsAPage) yield page(parser.info.bytes / spool.size);
    }
  } catch (error) {
    throw new FreshetError('source_changed', 'A report of ActBlue is not whole.', {
      action: 'Nothing to do: the report is asked for again.',
      cause: error,
    });
  }
  yield page(1);
};
