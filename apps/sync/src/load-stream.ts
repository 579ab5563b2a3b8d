/** Loads one stream as it is made: slice by slice, from checkpoint to checkpoint, or whole; or from what is here already. */
import { Inject, Injectable } from '@nestjs/common';
import { ControlPlane, markStreamWhole } from '@freshet/persistence';
import type { StreamTableRef } from '@freshet/warehouse';
import { loadDeliveries } from './load-deliveries';
import { loadSlices } from './load-slices';
import { readSlice } from './read-slice';
import type { Parting } from './read-parts';
import { replayStream } from './replay-stream';
import type { StreamLoad } from './stream-load';
import { WriteSlice, type SliceToWrite, type Written } from './write-slice';

/** A load that wrote a greater share of the table than this is followed by a vacuum. */
const vacuumShare = 0.1;

/** Writes for one stream, and counts how much. */
export type Write = (slice: SliceToWrite) => Promise<Written>;

@Injectable()
export class LoadStream {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(WriteSlice) private readonly writer: WriteSlice,
  ) {}

  /** @returns the table when so much of it was written that it is worth vacuuming; null otherwise */
  async load(load: StreamLoad): Promise<StreamTableRef | null> {
    let changed = 0;
    let last: Written | null = null;
    const write: Write = async (slice) => {
      last = await this.writer.write(load, slice);
      changed += last.records.inserted + last.records.updated + last.records.deleted;
      return last;
    };
    await this.read(load, write);
    await markStreamWhole(this.plane.system, load.run, load.stream.id);
    return last && isWorthIt(last, changed) ? tableOf(load) : null;
  }

  private read(load: StreamLoad, write: Write): Promise<void> {
    const { hooks, replay } = load.run.request;
    // What is here of it is of another key or query.
    if (load.stream.anew) return loadOn(load, write);
    if (hooks) return loadDeliveries(this.plane, load, write);
    if (replay) return replayStream(this.plane, load, write);
    return load.spec.slicing ? loadSlices(this.plane, load, write) : loadOn(load, write);
  }
}

const isWorthIt = ({ rowCount }: Written, changed: number): boolean => changed > vacuumShare * rowCount;

const tableOf = ({ run, stream }: StreamLoad): StreamTableRef => ({
  projectId: run.projectId,
  streamId: stream.id,
  generation: stream.generation,
});

/** Rows that only come, or come again, may be committed wherever reading can resume; a table that is replaced, or loaded anew, only as a whole. */
const partingOf = ({ connector, spec, stream }: StreamLoad): Parting => {
  if (stream.anew) return 'whole';
  if (connector.isLocal) return 'as-they-come';
  return spec.mode === 'upsert' || spec.mode === 'append' ? 'at-checkpoints' : 'whole';
};

const loadOn = async (load: StreamLoad, write: Write): Promise<void> => {
  const { archive, run, stream } = load;
  const parting = partingOf(load);
  await readSlice(load, {
    slice: {},
    parting,
    share: (progress) => progress,
    onPart: (part) =>
      write({
        part,
        mode: stream.mode,
        days: null,
        share: () => part.progress,
        remember: ({ checkpoint }) => {
          const keeps = part.notModified || parting === 'at-checkpoints';
          return { checkpoint: part.checkpoint ?? (keeps ? checkpoint : null), state: null };
        },
        beside: (sql) => archive.store(sql, { runId: run.id, streamId: stream.id, slice: {} }),
      }).then(() => undefined),
  });
};
