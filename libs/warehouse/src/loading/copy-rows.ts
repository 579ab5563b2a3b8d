/** Streams rows into one table by COPY, with backpressure; rows that only PostgreSQL finds impossible are skipped and reported too. */
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { defaults, FreshetError } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { columnList } from '../sql-names';
import { CopyLines, Rejects } from './copy-lines';
import type { LoadLimits, Slice } from './slice';

export interface CopiedRows {
  received: number;
  copied: number;
  rejects: Rejects;
}

/** Notices come as fast as rows do, so only so many are kept; the others are counted. */
const keptNotices = 10_000;
const defaultLimits: LoadLimits = { rejects: defaults.sync.rejects };

/** `into` is a quoted table name. Throws `too_many_rejects`, `cancelled`, and whatever `slice.rows` throws; then the transaction is spent. */
export const copyRows = async (
  client: ClientBase,
  into: string,
  slice: Slice,
  { freeze = false } = {},
): Promise<CopiedRows> => {
  const limits = slice.limits ?? defaultLimits;
  const rejects = new Rejects(limits);
  const lines = new CopyLines(slice.columns, slice.key, rejects, limits);
  const skipped: string[] = [];
  const onNotice = (notice: { message?: string }): void => {
    if (skipped.length < keptNotices) skipped.push(notice.message ?? '');
  };
  client.on('notice', onNotice);
  try {
    const copy = client.query(
      copyFrom(
        `COPY ${into} (${columnList(slice.columns.map(({ name }) => name))}) FROM STDIN WITH (ON_ERROR ignore, LOG_VERBOSITY verbose, FREEZE ${freeze})`,
      ),
    );
    await pipeline(
      Readable.from(lines.chunks(slice.rows, slice.onProgress), { objectMode: true, highWaterMark: 2 }),
      copy,
      {
        ...(slice.signal && { signal: slice.signal }),
      },
    );
    const known = addSkipped(rejects, skipped);
    rejects.addUnnamed(
      lines.sent - copy.rowCount - known,
      'A column holds a value that its type cannot hold',
    );
    rejects.check(lines.received);
    return { received: lines.received, copied: copy.rowCount, rejects };
  } catch (error) {
    if (slice.signal?.aborted)
      throw new FreshetError('cancelled', 'The sync was cancelled.', { cause: error });
    throw error;
  } finally {
    client.removeListener('notice', onNotice);
  }
};

/**
 * PostgreSQL's notices name the line it skipped and the column: `skipping row due to data type incompatibility at line 7 for column "meta": …`.
 * Lines are rows without those rejected before, so the row's number is the line's plus the rejects up to it.
 */
const addSkipped = (rejects: Rejects, notices: readonly string[]): number => {
  let known = 0;
  const before = rejects.rows.map(({ row }) => row);
  for (const notice of notices) {
    const [, line, column] = /(\d+)[^"]*"((?:[^"]|"")*)"/.exec(notice) ?? [];
    if (line === undefined || column === undefined) continue;
    const row = before.reduce((number, rejected) => (rejected <= number ? number + 1 : number), Number(line));
    known++;
    rejects.add(row, `Column "${column}" holds a value that its type cannot hold`, null);
  }
  rejects.rows.sort((a, b) => a.row - b.row);
  return known;
};
