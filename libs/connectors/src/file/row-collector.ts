/** Takes what a format's parser finds, until somebody fetches it. */
import type { Reject } from '../kit/column';
import { columnNamer } from '../kit/column-names';
import type { RawRow } from '../kit/types/raw-value';
import { unreadable } from '../kit/unreadable';

const longestRaw = 500;
/** PostgreSQL's own limit is 1,600. */
const mostColumns = 1_000;

export interface Collected {
  rows: RawRow[];
  /** Where each row stands in the file; see `Reject.row`. */
  numbers: number[];
  rejects: Reject[];
}

export class RowCollector {
  /** Names of the columns found so far, by position. */
  readonly names: string[] = [];
  private readonly nameFor = columnNamer();
  private collected: Collected = { rows: [], numbers: [], rejects: [] };

  get count(): number {
    return this.collected.rows.length;
  }

  /** Returns the new column's position. */
  column(label: string): number {
    if (this.names.length === mostColumns) {
      throw unreadable(
        `The file has more than ${mostColumns} columns.`,
        'Where names are data, as in a map of days to numbers, turn them into rows.',
      );
    }
    return this.names.push(this.nameFor(label)) - 1;
  }

  row(number: number, row: RawRow): void {
    this.collected.rows.push(row);
    this.collected.numbers.push(number);
  }

  reject(row: number, reason: string, raw: string): void {
    this.collected.rejects.push({ row, reason, raw: raw.slice(0, longestRaw) });
  }

  take(): Collected {
    const { collected } = this;
    this.collected = { rows: [], numbers: [], rejects: [] };
    return collected;
  }
}

/** Turns bytes into rows in a collector. */
export interface RowParser {
  /** Throws `source_unreadable`. */
  write(chunk: Buffer): Promise<void>;
  /** After the last byte of a whole file; not called for samples. */
  end(): Promise<void>;
}
