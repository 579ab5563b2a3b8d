/** Reads a stream, or one slice of it, and hands over each part; begins again where its vendor forgot or changed it midway. */
import type { Batch, Slice } from '@freshet/connectors';
import { defaults, FreshetError, type ProblemCode } from '@freshet/contracts';
import { ColumnsChanged, readParts, type Part, type Parting } from './read-parts';
import type { StreamLoad } from './stream-load';

const readAgain: readonly ProblemCode[] = ['source_page_expired', 'source_changed'];

export interface SliceReading {
  /** Empty for a stream that is not cut by days. */
  slice: Slice;
  parting: Parting;
  /** Share of the stream that is read when the vendor says this of the slice. */
  share(progress: number | null): number | null;
  onPart(part: Part): Promise<void>;
}

/** Whether an error asks for another try; each commit in between makes it a new one. */
class Rereads {
  private left: number = defaults.sync.rereads;

  refill(): void {
    this.left = defaults.sync.rereads;
  }

  /** Throws the error again when it is of another kind, or came too often. */
  allow(error: unknown): void {
    const isOne =
      error instanceof ColumnsChanged || (error instanceof FreshetError && readAgain.includes(error.code));
    if (!isOne || this.left === 0) throw error;
    this.left -= 1;
  }
}

export const readSlice = async (load: StreamLoad, reading: SliceReading): Promise<void> => {
  const { archive, lease, context } = load;
  const { slice, parting, share, onPart } = reading;
  const rereads = new Rereads();
  let known: Batch['columns'] = load.stream.columns as Batch['columns'];
  for (;;) {
    await archive.begin();
    lease.beginSlice();
    const batches = load.connector.read(requestOf(load, slice, known), context);
    const tell = (rows: number, progress: number | null): void => lease.arrived(rows, share(progress));
    try {
      for await (const part of readParts(batches, parting, tell)) {
        try {
          await onPart(part);
        } finally {
          await part.close();
        }
        await archive.stored();
        rereads.refill();
        known = load.stream.columns as Batch['columns'];
      }
      return;
    } catch (error) {
      rereads.allow(error);
      if (error instanceof ColumnsChanged) known = error.columns;
      else load.context.log.warn({ stream: load.stream.name, ...slice, err: error }, 'A slice is read again');
    }
  }
};

const requestOf = (load: StreamLoad, slice: Slice, known: Batch['columns']) => {
  const { config, credentials, account, stream, spec } = load;
  return {
    config,
    credentials,
    account,
    stream: stream.name,
    slice,
    checkpoint: spec.slicing ? null : checkpointOf(load),
    knownColumns: known.length ? [...known] : null,
  };
};

/** A run that reads everything anew begins without one, and goes on from its own after an interruption. */
const checkpointOf = ({ run, stream, tally }: StreamLoad): StreamLoad['stream']['checkpoint'] =>
  run.request.full && stream.sofar.slices === 0 && !tally.hasCommitted(stream.id) ? null : stream.checkpoint;
