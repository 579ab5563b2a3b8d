/** Formats batches of rows once into chunks of COPY text, setting aside rows whose values are impossible (spec SY13). */
import { FreshetError } from '@freshet/contracts';
import { type CellFormat, cellFormats, ImpossibleValue } from './cell-formats';
import type { StreamColumn } from './column-types';
import type { LoadLimits, RejectedRow, Row } from './slice';

/** About what a socket takes at once; larger chunks only hold more memory. */
const chunkLength = 128 * 1024;
/** A B-tree entry may have 2,704 bytes; some of them are PostgreSQL's own. */
const greatestKeyBytes = 2_600;

/** Counts and keeps rejects. Memory is bounded by `kept`, whatever the source sends. */
export class Rejects {
  count = 0;
  readonly rows: RejectedRow[] = [];

  constructor(private readonly limits: LoadLimits) {}

  add(row: number, reason: string, values: Row | null): void {
    this.count++;
    if (this.rows.length >= (this.limits.keptRejects ?? 10_000)) return;
    this.rows.push({ row, reason, raw: values ? rawText(values) : '' });
  }

  /** Counts rows of which the database knows neither number nor values any more. */
  addUnnamed(count: number, reason: string): void {
    if (count > 0) this.add(0, reason, null);
    this.count += Math.max(count - 1, 0);
  }

  /** Throws `too_many_rejects` above the limit: `share` of the rows or `rows`, whichever is more. */
  check(received: number): void {
    const { share, rows } = this.limits.rejects;
    if (this.count <= Math.max(rows, share * received)) return;
    const first = this.rows[0];
    throw new FreshetError(
      'too_many_rejects',
      `${this.count} of ${received} rows could not be loaded; the first is row ${first?.row ?? '?'}: ${first?.reason ?? 'unknown reason'}`,
      {
        action: 'Correct these rows at the source, or change the column to text, and sync again.',
        extra: { rejects: this.rows.slice(0, 20) },
      },
    );
  }
}

interface ColumnFormat {
  name: string;
  format: CellFormat;
  isKey: boolean;
}

/** Formats rows of one slice. `received` counts rows, rejected ones included; `sent` those that became lines. */
export class CopyLines {
  received = 0;
  sent = 0;
  private readonly columns: ColumnFormat[];
  private readonly rowLength: number;

  constructor(
    columns: readonly StreamColumn[],
    key: readonly string[],
    private readonly rejects: Rejects,
    limits: LoadLimits,
  ) {
    this.columns = columns.map(({ name, type }) => ({
      name,
      format: cellFormats[type],
      isKey: key.includes(name),
    }));
    this.rowLength = limits.rowLength ?? 64 * 1024 * 1024;
  }

  /** Reads the batches one by one as the consumer asks for chunks; at most one batch and one chunk are in memory. */
  async *chunks(
    batches: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
    onProgress?: (rows: number) => void,
  ): AsyncGenerator<Buffer> {
    let text = '';
    for await (const batch of batches) {
      for (const row of batch) {
        this.received++;
        const line = this.line(row);
        if (line instanceof ImpossibleValue) {
          this.rejects.add(this.received, line.reason, row);
          continue;
        }
        this.sent++;
        text += line;
        if (text.length >= chunkLength) {
          yield Buffer.from(text);
          text = '';
        }
      }
      onProgress?.(this.received);
    }
    if (text !== '') yield Buffer.from(text);
  }

  private line(row: Row): string | ImpossibleValue {
    const { columns } = this;
    if (row.length > columns.length)
      return new ImpossibleValue(`The row has ${row.length} values for ${columns.length} columns`);
    let line = '';
    let key = '';
    for (let index = 0; index < columns.length; index++) {
      const { name, format, isKey } = columns[index] as ColumnFormat;
      const value = row[index];
      if (value === null || value === undefined) {
        if (isKey) return new ImpossibleValue(`Column "${name}" is part of the key and empty`);
        line += index === 0 ? '\\N' : '\t\\N';
        continue;
      }
      const cell = format(value);
      if (typeof cell !== 'string') return new ImpossibleValue(`Column "${name}" ${cell.reason}`);
      if (isKey) key += cell;
      line += index === 0 ? cell : `\t${cell}`;
    }
    if (key.length * 3 > greatestKeyBytes && Buffer.byteLength(key) > greatestKeyBytes) {
      return new ImpossibleValue(
        `The key is ${Buffer.byteLength(key)} bytes long, more than the ${greatestKeyBytes} that an index can hold`,
      );
    }
    if (line.length > this.rowLength) {
      return new ImpossibleValue(`The row is ${line.length} characters long, more than ${this.rowLength}`);
    }
    return `${line}\n`;
  }
}

const rawText = (values: Row): string => {
  const text = JSON.stringify(values, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
};
