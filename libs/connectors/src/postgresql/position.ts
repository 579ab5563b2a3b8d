/** How far a stream with a cursor was read: where to go on, and what to read again since transactions commit late. Pure. */
import { z } from 'zod';
import type { Checkpoint } from '../kit/connector';
import { parseTimestamp } from '../kit/types/calendar';
import { oids } from './columns';

export type CursorKind = 'number' | 'date' | 'timestamp';

/**
 * A row's cursor and key as text. Rows in one transaction may carry a cursor older than their commit. So a whole pass is followed by
 * one that begins `lookback` lower, and where a pass was interrupted, the next one also begins no higher than `lookback` below there.
 */
const position = z.object({
  /** Names of the columns it is about; with others it means nothing. */
  by: z.array(z.string()),
  /** Of the last row that is not dated in the future; null before the first. */
  cursor: z.string().nullable(),
  /** Of that row, in the middle of a pass; null after a whole one. */
  key: z.array(z.string()).nullable(),
  /** Where the next pass begins at the latest. */
  again: z.string().nullable(),
});

export type Position = z.infer<typeof position>;

export const startOf = (by: readonly string[]): Position => ({
  by: [...by],
  cursor: null,
  key: null,
  again: null,
});

/** That of the last commit, or the start when there is none, or other columns were chosen since. */
export const positionOf = (checkpoint: Checkpoint | null, by: readonly string[]): Position => {
  const parsed = position.safeParse(checkpoint);
  return parsed.success && parsed.data.by.join('\n') === by.join('\n') ? parsed.data : startOf(by);
};

const kinds = new Map<number, CursorKind>([
  [oids.int2, 'number'],
  [oids.int4, 'number'],
  [oids.int8, 'number'],
  [oids.oid, 'number'],
  [oids.date, 'date'],
  [oids.timestamp, 'timestamp'],
  [oids.timestamptz, 'timestamp'],
]);

/** Null for types by which nothing can be read on, such as text. */
export const cursorKind = (oid: number): CursorKind | null => kinds.get(oid) ?? null;

/** PostgreSQL's text in the form that is stored: times as ISO 8601, to the microsecond. */
export const storedCursor = (text: string, kind: CursorKind): string =>
  kind === 'timestamp' ? (parseTimestamp(text) ?? text) : text;

const dayLength = 86_400_000;

/** `lookback` seconds or units below; as it is when nothing can be below, such as `-infinity`. */
export const lowered = (cursor: string, kind: CursorKind, lookback: number): string => {
  if (kind === 'number') return (BigInt(cursor) - BigInt(lookback)).toString();
  const time = Date.parse(cursor);
  if (Number.isNaN(time)) return cursor;
  if (kind === 'timestamp') return new Date(time - lookback * 1_000).toISOString();
  return new Date(time - Math.ceil((lookback * 1_000) / dayLength) * dayLength).toISOString().slice(0, 10);
};

const isLess = (a: string, b: string, kind: CursorKind): boolean =>
  kind === 'number' ? BigInt(a) < BigInt(b) : Date.parse(a) < Date.parse(b);

const lower = (a: string, b: string | null, kind: CursorKind): string =>
  b !== null && isLess(b, a, kind) ? b : a;

export const isFuture = (cursor: string, kind: CursorKind, now: Date): boolean => {
  if (kind === 'number') return false;
  const time = Date.parse(cursor);
  return Number.isNaN(time) ? !cursor.startsWith('-') : time > now.getTime();
};

/** Where a read begins: after a row, at a cursor, or at the very beginning. */
export type Start = { after: readonly string[] } | { from: string } | 'beginning';

/** How to read on from a position, and the position with which to begin. */
export const resumeAt = (
  at: Position,
  kind: CursorKind,
  lookback: number,
): { start: Start; position: Position } => {
  const { cursor, key, again } = at;
  if (cursor === null) return { start: 'beginning', position: at };
  const below = lower(lowered(cursor, kind, lookback), again, kind);
  if (key === null) return { start: { from: below }, position: { ...at, again: null } };
  return { start: { after: [cursor, ...key] }, position: { ...at, again: below } };
};
