/** Turns a connector's batches into parts that are committed as one each: fixed columns, rows in order, what goes with them. */
import type { Batch } from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import type { RejectedRow, Row } from '@freshet/warehouse';
import { SliceSpool } from './slice-spool';

type Columns = Batch['columns'];

/** A later batch needs wider columns than the first: nothing of the part is committed, and it is read again with these. */
export class ColumnsChanged extends Error {
  constructor(readonly columns: Batch['columns'][number][]) {
    super('The columns became wider while the slice was read.');
  }
}

/** Kept to be shown; all are counted. */
const keptRejects = 10_000;

export class Part {
  checkpoint: Batch['checkpoint'];
  progress: number | null;
  /** Rows that the connector could not make sense of. */
  rejected = 0;
  readonly rejects: RejectedRow[] = [];
  readonly warnings = new Set<string>();
  readonly columns: Columns;
  readonly notModified: boolean;

  constructor(
    first: Batch,
    /** Batches of rows, once; what else is known of the part is right when they are all taken. */
    readonly rows: () => AsyncIterable<readonly Row[]>,
    readonly close: () => Promise<void>,
  ) {
    this.columns = first.columns;
    this.notModified = first.notModified;
    this.checkpoint = first.checkpoint;
    this.progress = first.progress;
  }

  take(batch: Batch): void {
    if (!isSame(batch.columns, this.columns)) throw new ColumnsChanged([...batch.columns]);
    this.checkpoint = batch.checkpoint ?? this.checkpoint;
    this.progress = batch.progress;
    this.rejected += batch.rejects.length;
    for (const reject of batch.rejects) if (this.rejects.length < keptRejects) this.rejects.push(reject);
    for (const warning of batch.warnings ?? []) this.warnings.add(warning);
  }
}

/**
 * Each part costs a transaction and a stage, so the first ends where reading can first resume, and the others are as large as all before
 * them together: at most half of what was read is read again after an interruption, and no more than these.
 */
const fullPart = { rows: 50_000, milliseconds: 5_000 };

/**
 * `as-they-come`: one part, whose rows are read on while they are loaded, for those that lie on this machine. `at-checkpoints`: a part
 * ends where reading can resume. `whole`: one part, read to its end before anything is written.
 */
export type Parting = 'as-they-come' | 'at-checkpoints' | 'whole';

export const readParts = async function* (
  batches: AsyncIterable<Batch>,
  parting: Parting,
  onBatch: (rows: number, progress: number | null) => void = () => undefined,
): AsyncGenerator<Part> {
  if (parting === 'as-they-come') {
    yield await readLive(batches);
    return;
  }
  let open: { part: Part; spool: SliceSpool } | null = null;
  let seen = false;
  let [rowsBefore, rowsOfPart, begunAt] = [0, 0, 0];
  try {
    for await (const batch of batches) {
      seen = true;
      if (!open) {
        open = spooled(batch);
        [rowsOfPart, begunAt] = [0, Date.now()];
      }
      open.part.take(batch);
      await open.spool.add(batch.rows as readonly Row[]);
      const rows = batch.rows.length + batch.rejects.length;
      rowsOfPart += rows;
      onBatch(rows, batch.progress);
      if (parting === 'whole' || batch.checkpoint === null) continue;
      const isYoung = Date.now() - begunAt < fullPart.milliseconds;
      if (isYoung && rowsOfPart < Math.min(rowsBefore, fullPart.rows)) continue;
      const { part } = open;
      open = null;
      rowsBefore += rowsOfPart;
      yield part;
    }
    if (!seen) throw nothingSent();
    if (!open) return;
    const { part } = open;
    open = null;
    yield part;
  } finally {
    await open?.spool.close();
  }
};

const spooled = (first: Batch): { part: Part; spool: SliceSpool } => {
  const spool = new SliceSpool();
  return {
    spool,
    part: new Part(
      first,
      () => spool.rows(),
      () => spool.close(),
    ),
  };
};

/** The first batch is awaited here: until then it is only the vendor who works. */
const readLive = async (batches: AsyncIterable<Batch>): Promise<Part> => {
  const rest = batches[Symbol.asyncIterator]();
  const { done, value: first } = await rest.next();
  if (done) throw nothingSent();
  const rows = async function* (): AsyncGenerator<readonly Row[]> {
    for (let batch: Batch | undefined = first; batch;) {
      part.take(batch);
      yield batch.rows as readonly Row[];
      const next: IteratorResult<Batch> = await rest.next();
      batch = next.done ? undefined : next.value;
    }
  };
  const part: Part = new Part(first, rows, async () => void (await rest.return?.()));
  return part;
};

const nothingSent = (): FreshetError =>
  new FreshetError('source_unreadable', 'The source sent nothing at all.');

const isSame = (a: Columns, b: Columns): boolean =>
  a.length === b.length &&
  a.every((column, place) => column.name === b[place]?.name && column.type === b[place]?.type);
