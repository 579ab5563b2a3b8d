/** Normalises archived answers again, without asking the vendor, and loads them as if they had just come (spec SY5). */
import type { Batch, Page, Slice } from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import {
  listArchivedSlices,
  readRawPages,
  type ArchivedSlice,
  type ControlPlane,
} from '@freshet/persistence';
import type { Row } from '@freshet/warehouse';
import { DayRanges } from './day-ranges';
import type { Write } from './load-stream';
import { openRawPage } from './page-archive';
import { Part, readParts } from './read-parts';
import { windowOn, type Days } from './slice-window';
import type { StreamLoad } from './stream-load';

/** Streams of which nothing is archived stay as they are. */
export const replayStream = async (plane: ControlPlane, load: StreamLoad, write: Write): Promise<void> => {
  const { stream, spec, connector } = load;
  if (!connector.replay) {
    throw new FreshetError('conflict', `${connector.spec.name} keeps no answers that could be read again.`, {
      action: 'Sync the source in full instead.',
    });
  }
  const whole = spec.mode === 'replace-all';
  const archived = await listArchivedSlices(plane.system, stream.id, { whole });
  if (spec.slicing) await replaySlices(plane, load, { archived, write });
  else
    await replayWhole(plane, load, { archived: whole ? archived.slice(0, 1) : archived.toReversed(), write });
};

interface Replay {
  archived: readonly ArchivedSlice[];
  write: Write;
}

/** Newest first, each for the days that no newer one has: so nothing goes back to an older state, not even for a moment. */
const replaySlices = async (
  plane: ControlPlane,
  load: StreamLoad,
  { archived, write }: Replay,
): Promise<void> => {
  const done = new DayRanges();
  const { window } = load.run.request;
  for (const each of archived) {
    const { from, to } = each.slice;
    if (!from || !to) continue;
    for (const days of done.missing(window ? overlap({ from, to }, window) : { from, to }))
      await replay(plane, load, { archived: [each], days, write });
    done.add({ from, to });
  }
};

const overlap = (a: Days, window: { from: string; to: string }): Days => {
  const dayAfter = new Date(Date.parse(`${window.to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { from: a.from > window.from ? a.from : window.from, to: a.to < dayAfter ? a.to : dayAfter };
};

/** All of it in one transaction: of rows with one key the newest is the last. */
const replayWhole = async (plane: ControlPlane, load: StreamLoad, replaying: Replay): Promise<void> => {
  if (replaying.archived.length) await replay(plane, load, { ...replaying, days: null });
};

const replay = async (
  plane: ControlPlane,
  load: StreamLoad,
  { archived, days, write }: Replay & { days: Days | null },
): Promise<void> => {
  const { stream } = load;
  for await (const part of readParts(batchesOf(plane, load, archived), 'whole')) {
    try {
      await write({
        part: days ? within(part, load, days) : part,
        mode: stream.mode,
        days: stream.mode === 'replace-window' ? days : null,
        share: () => null,
        remember: ({ checkpoint }) => ({ checkpoint, state: null }),
      });
    } finally {
      await part.close();
    }
  }
};

const batchesOf = async function* (
  plane: ControlPlane,
  { connector, config, credentials, account, stream }: StreamLoad,
  archived: readonly ArchivedSlice[],
): AsyncGenerator<Batch> {
  for (const each of archived) {
    const request = {
      config,
      credentials,
      account,
      stream: stream.name,
      slice: each.slice as Slice,
      checkpoint: null,
    };
    const pages = openedPages(readRawPages(plane.system, stream.id, each));
    for await (const batch of connector.replay?.({ ...request, knownColumns: null }, pages) ?? [])
      yield { ...batch, checkpoint: null };
  }
};

const openedPages = async function* (bodies: AsyncIterable<Buffer>): AsyncGenerator<Page> {
  for await (const body of bodies) yield await openRawPage(body);
};

/** A slice that a newer one covers in part: the rows of the other days alone. */
const within = (part: Part, { stream, account }: StreamLoad, days: Days): Part => {
  const place = part.columns.findIndex(({ name }) => name === stream.cursor);
  if (!stream.cursor || place < 0) return part;
  const { from, to } = windowOn(stream.cursor, days, [...part.columns], account?.timeZone ?? 'UTC');
  const isInside = (row: Row): boolean => {
    const value = String(row[place] ?? '');
    return value >= from && value < to;
  };
  const narrowed = new Part(
    { columns: part.columns, rows: [], rejects: [], checkpoint: null, progress: null, notModified: false },
    async function* () {
      for await (const rows of part.rows()) yield rows.filter(isInside);
      for (const warning of part.warnings) narrowed.warnings.add(warning);
    },
    () => Promise.resolve(),
  );
  return narrowed;
};
