/** Turns a connector's batches into what the loader takes: fixed columns, rows in order, the last checkpoint. */
import type { Batch } from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import type { RejectedRow, Row } from '@freshet/warehouse';

type Columns = Batch['columns'];

/** A later batch needs wider columns than the first: the slice is rolled back and read again with these. */
export class ColumnsChanged extends Error {
  constructor(readonly columns: Batch['columns'][number][]) {
    super('The columns became wider while the slice was read.');
  }
}

export class SliceReading {
  checkpoint: Batch['checkpoint'];
  progress: number | null;
  readonly rejects: RejectedRow[] = [];
  readonly columns: Columns;
  readonly notModified: boolean;

  constructor(
    private readonly first: Batch,
    private readonly rest: AsyncIterator<Batch>,
  ) {
    this.columns = first.columns;
    this.notModified = first.notModified;
    this.checkpoint = first.checkpoint;
    this.progress = first.progress;
  }

  /** Batches of rows, once. */
  async *rows(): AsyncGenerator<readonly Row[]> {
    for (let batch: Batch | undefined = this.first; batch; batch = await this.next()) {
      if (!isSame(batch.columns, this.columns)) throw new ColumnsChanged([...batch.columns]);
      this.take(batch);
      yield batch.rows as readonly Row[];
    }
  }

  private async next(): Promise<Batch | undefined> {
    const { done, value } = await this.rest.next();
    return done ? undefined : value;
  }

  private take({ checkpoint, progress, rejects }: Batch): void {
    this.checkpoint = checkpoint ?? this.checkpoint;
    this.progress = progress;
    for (const reject of rejects) this.rejects.push(reject);
  }
}

export const readBatches = async (batches: AsyncIterable<Batch>): Promise<SliceReading> => {
  const iterator = batches[Symbol.asyncIterator]();
  const { done, value } = await iterator.next();
  if (done) throw new FreshetError('source_unreadable', 'The source sent nothing at all.');
  return new SliceReading(value, iterator);
};

const isSame = (a: Columns, b: Columns): boolean =>
  a.length === b.length &&
  a.every((column, place) => column.name === b[place]?.name && column.type === b[place]?.type);
