/** What goes into and comes out of loading one slice of a stream. */
import type { LoadMode } from '@freshet/contracts';
import type { StreamColumn } from './column-types';

/**
 * One value as a connector hands it over. Whole numbers beyond 2^53 and money come as text (or bigint), so that they stay exact.
 * Dates are `YYYY-MM-DD`, timestamps ISO 8601 (UTC when they name no zone) or `Date`. In a `json` column a string is JSON text,
 * anything else the value itself.
 */
export type Cell = string | number | bigint | boolean | object | null | undefined;
/** Values in the order of the slice's columns; a missing tail is null. */
export type Row = readonly Cell[];

/** A stream's physical table: pointer and identity. */
export interface StreamTableRef {
  projectId: string;
  streamId: string;
  generation: number;
}

export interface RejectedRow {
  /** 1-based number of the row among those given to this slice; 0 when it is not known any more. */
  row: number;
  /** One sentence for a person, naming the column and what is wrong with the value. */
  reason: string;
  /** The row as JSON text, cut to a reasonable length; empty when only the database noticed. */
  raw: string;
}

export interface LoadLimits {
  /** The slice fails with `too_many_rejects` above `share` of its rows or `rows` rejects, whichever is more. */
  rejects: { share: number; rows: number };
  /** So many rejects are handed back with their values; all are counted. Default 10,000. */
  keptRejects?: number;
  /** A row whose text is longer (in UTF-16 units) is rejected. Default 64 Mi; PostgreSQL's own end is 1 GB a row. */
  rowLength?: number;
}

/** Half-open range of one column; values as text in PostgreSQL's syntax of that column's type. */
export interface SliceWindow {
  column: string;
  from: string;
  to: string;
}

export interface Slice {
  table: StreamTableRef;
  /** What `rows` hold, in their order, with the table's types. Columns of the table that are not here become null. */
  columns: readonly StreamColumn[];
  /** Names of key columns; empty for a stream without one. */
  key: readonly string[];
  mode: LoadMode;
  /** For `replace-window`: the verified range whose rows are replaced. */
  window?: SliceWindow;
  /** Batches of rows, read once with backpressure. An error thrown here ends the slice with that error. */
  rows: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;
  /** Called after each batch with the rows read so far. */
  onProgress?: (rows: number) => void;
  limits?: LoadLimits;
  /** Stops the load; the transaction is then to be rolled back. */
  signal?: AbortSignal;
}

/** received = inserted + updated + unchanged + superseded + rejected. */
export interface SliceResult {
  received: number;
  inserted: number;
  updated: number;
  unchanged: number;
  deleted: number;
  rejected: number;
  /** Rows that a later row of the same slice with the same key replaced (the last one wins). */
  superseded: number;
  /** Whether anything was written: then, and only then, the table's revision is to be bumped. */
  changed: boolean;
  /** The first rejects, at most `limits.keptRejects`. */
  rejects: RejectedRow[];
}
