/** Parsed rows on disk, so that a file is parsed once although its types are known only at its end. */
import { Spool } from '../kit/spool';
import type { Collected } from './row-collector';

export class RowSpool {
  /** Bytes of each batch. */
  private readonly lengths: number[] = [];

  private constructor(private readonly spool: Spool) {}

  static async open(): Promise<RowSpool> {
    return new RowSpool(await Spool.open());
  }

  get batches(): number {
    return this.lengths.length;
  }

  async append(batch: Collected): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(batch));
    this.lengths.push(bytes.length);
    await this.spool.append(bytes);
  }

  async *read(): AsyncGenerator<Collected> {
    let start = 0;
    for (const length of this.lengths) {
      const bytes = await this.spool.read(start, length);
      start += length;
      yield JSON.parse(bytes.toString()) as Collected;
    }
  }

  close(): Promise<void> {
    return this.spool.close();
  }
}
