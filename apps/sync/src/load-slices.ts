/** Reads a stream that is cut by days: pass by pass, each slice read whole, then committed with how far the pass is (spec SY2, SY4). */
import {
  afterSlice,
  dateIn,
  nextSlice,
  planPass,
  shareOfPass,
  withSmallerSlices,
  type Slice,
  type StreamProgress,
} from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import { isAwaited, type ControlPlane } from '@freshet/persistence';
import type { Write } from './load-stream';
import type { Part } from './read-parts';
import { readSlice } from './read-slice';
import type { StreamLoad } from './stream-load';

/** Another run of the source is to go first; what was read is committed, and this one goes on after it. */
export class GaveWay extends Error {}

export const loadSlices = async (plane: ControlPlane, load: StreamLoad, write: Write): Promise<void> => {
  let progress = begin(load);
  for (let slice = nextSlice(progress); slice; slice = nextSlice(progress)) {
    if (load.run.request.window && (await isAwaited(plane.system, load.run))) throw new GaveWay();
    progress = await readOne(load, { progress, slice }, write);
  }
};

interface Step {
  progress: StreamProgress;
  slice: Required<Slice>;
}

/** @returns how far the pass is after the slice, or before it with smaller ones when the vendor found it too large */
const readOne = async (
  load: StreamLoad,
  { progress, slice }: Step,
  write: Write,
): Promise<StreamProgress> => {
  const { run, stream, spec, archive, context } = load;
  let after = progress;
  const commit = async (part: Part): Promise<void> => {
    const { received } = await write({
      part,
      mode: stream.mode,
      days: stream.mode === 'replace-window' ? slice : null,
      share: () => shareOfPass(progress, slice, 1),
      remember: ({ checkpoint }, rows) => {
        after = afterSlice(progress, slice, rows, spec);
        const how = { ...after };
        return run.request.window ? { checkpoint, state: how } : { checkpoint: how, state: null };
      },
      beside: (sql) => archive.store(sql, { runId: run.id, streamId: stream.id, slice }),
    });
    context.log.info({ run: run.id, stream: stream.name, ...slice, rows: received }, 'A slice is committed');
  };
  try {
    const share = (part: number | null): number => shareOfPass(progress, slice, part);
    await readSlice(load, { slice, parting: 'whole', share, onPart: commit });
    return after;
  } catch (error) {
    if (!(error instanceof FreshetError) || error.code !== 'source_slice_too_large') throw error;
    const smaller = withSmallerSlices(progress);
    if (!smaller) throw error;
    return smaller;
  }
};

const begin = (load: StreamLoad): StreamProgress => {
  const { run, stream, spec, account, context } = load;
  const { window, full } = run.request;
  const dateOf = (moment: Date): string => dateIn(moment, account?.timeZone ?? 'UTC');
  return planPass((window && progressOf(stream.sofar.state)) ?? progressOf(stream.checkpoint), {
    stream: { slicing: spec.slicing, lookbackDays: stream.lookbackDays },
    today: dateOf(context.now()),
    askedOn: dateOf(run.queuedAt),
    runId: run.id,
    ...(full && { full }),
    ...(window && { window }),
    ...(run.source.firstWindowDays !== null && { firstWindowDays: run.source.firstWindowDays }),
  });
};

/** What was remembered by a stream that is cut by days; anything else is of a time when it was not. */
const progressOf = (stored: Record<string, unknown> | null): StreamProgress | null =>
  stored && typeof stored.days === 'number' && 'readOn' in stored && 'pass' in stored
    ? (stored as unknown as StreamProgress)
    : null;
