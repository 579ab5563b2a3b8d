/** The rows of one slice until they are loaded: in memory while they are few, in a temporary file beyond. */
import { Spool } from '@freshet/connectors';
import type { Row } from '@freshet/warehouse';

/** Bytes that rows may take in memory, by a rough estimate. */
const memory = 8 * 1024 * 1024;
/** Rows that are written, and later read back, as one. */
const piece = 2_000;
/** What V8 needs for an array, and for an element beside the characters of a text. */
const rowBytes = 32;
const cellBytes = 16;

const sizeOf = (rows: readonly Row[]): number => {
  let bytes = 0;
  for (const row of rows) {
    bytes += rowBytes + row.length * cellBytes;
    for (const cell of row) if (typeof cell === 'string') bytes += cell.length;
  }
  return bytes;
};

export class SliceSpool {
  private batches: (readonly Row[])[] = [];
  private held = 0;
  private file: Spool | null = null;
  private readonly lengths: number[] = [];

  constructor(private readonly memoryBytes = memory) {}

  get isOnDisk(): boolean {
    return this.file !== null;
  }

  async add(rows: readonly Row[]): Promise<void> {
    if (this.file) return this.write(this.file, rows);
    this.batches.push(rows);
    this.held += sizeOf(rows);
    if (this.held <= this.memoryBytes) return;
    this.file = await Spool.open();
    for (const batch of this.batches) await this.write(this.file, batch);
    this.batches = [];
  }

  private async write(file: Spool, rows: readonly Row[]): Promise<void> {
    for (let from = 0; from < rows.length; from += piece) {
      const bytes = Buffer.from(JSON.stringify(rows.slice(from, from + piece)));
      this.lengths.push(bytes.length);
      await file.append(bytes);
    }
  }

  /** In the order in which they were added; as often as wanted. */
  async *rows(): AsyncGenerator<readonly Row[]> {
    yield* this.batches;
    let start = 0;
    for (const length of this.lengths) {
      const bytes = await this.file?.read(start, length);
      start += length;
      if (bytes) yield JSON.parse(bytes.toString()) as Row[];
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = null;
    this.batches = [];
  }
}
