/** CSV and TSV: quotes, line ends of every kind, a header, and rows that do not have as many cells as it. */
import { Parser } from 'csv-parse';
import type { RawRow } from '../kit/types/raw-value';
import { unreadable } from '../kit/unreadable';
import type { RowCollector, RowParser } from './row-collector';
import { decoderOf, isUtf8Name } from './text-encoding';

const maxRecordBytes = 16 * 1024 * 1024;

export interface CsvOptions {
  delimiter: string;
  encoding: string;
}

/** The header's record and those below it, one call each. Rejects with csv-parse's errors. */
export const parseRecords = (
  options: CsvOptions,
  onRecord: (cells: string[]) => void,
): { write(chunk: Buffer): Promise<void>; end(): Promise<void> } => {
  const decoder = isUtf8Name(options.encoding) ? null : decoderOf(options.encoding);
  const parser = new Parser({
    bom: true,
    delimiter: options.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    // Records are taken here rather than read from the stream, which costs three times as much.
    on_record: (cells: string[]) => {
      onRecord(cells);
      return null;
    },
  });
  // Errors reach the callers of write and end.
  parser.on('error', () => undefined);
  parser.resume();
  const settle = (start: (callback: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      start((error) => (error ? reject(error) : resolve()));
    });
  return {
    write: (chunk) => settle((callback) => parser.write(decoder ? decoder.write(chunk) : chunk, callback)),
    async end() {
      const rest = decoder?.end() ?? '';
      if (rest !== '') await settle((callback) => parser.write(rest, callback));
      await new Promise<void>((resolve, reject) => {
        parser.once('error', reject).once('end', resolve).end();
      });
    },
  };
};

/** Empty cells are null. Cells beyond the header are fine while they are empty, as spreadsheets write them. */
const rowOf = (cells: string[], width: number): RawRow | null => {
  if (cells.length < width) return null;
  for (let index = width; index < cells.length; index++) if (cells[index] !== '') return null;
  const row = new Array<string | null>(width);
  for (let index = 0; index < width; index++) row[index] = cells[index] || null;
  return row;
};

const readableError = (error: unknown): unknown => {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE') {
    return unreadable(
      'A quotation mark is opened in the file and never closed.',
      'Correct the file, or set its delimiter.',
      error,
    );
  }
  return code?.startsWith('CSV_') === true
    ? unreadable(
        'The file is not valid CSV.',
        'Check that it opens in a spreadsheet, or set its delimiter and encoding.',
        error,
      )
    : error;
};

const readably = (work: Promise<void>): Promise<void> =>
  work.catch((error: unknown) => {
    throw readableError(error);
  });

export const csvRows = (options: CsvOptions, collector: RowCollector): RowParser => {
  let width = 0;
  let record = 0;
  const parser = parseRecords(options, (cells) => {
    record += 1;
    if (record === 1) {
      width = cells.length;
      for (const label of cells) collector.column(label);
      return;
    }
    const row = rowOf(cells, width);
    if (row) collector.row(record, row);
    else
      collector.reject(
        record,
        `The row has ${cells.length} cells where the header has ${width}.`,
        cells.join(options.delimiter),
      );
  });
  return { write: (chunk) => readably(parser.write(chunk)), end: () => readably(parser.end()) };
};
