/** One stream of an API connector: how its pages are fetched, and how a page becomes rows. The two are apart so that pages can be replayed. */
import type { Column } from '../column';
import type { Account, Checkpoint, Page, Slice, StreamSpec } from '../connector';
import type { ConnectorContext } from '../context';
import type { ApiRow } from './api-row';

export interface ApiRequest<Config, Credentials> {
  config: Config;
  credentials: Credentials;
  /** Null where the connector has no account. */
  account: Account | null;
  /** Empty for streams that are not cut by days. */
  slice: Slice;
  /** Of the last committed page, or null; always null within a slice by days. */
  checkpoint: Checkpoint | null;
}

/** What normalising may look at besides the page; no network, no clock, so that a replay gives the same rows. */
export interface PageOrigin<Config> {
  config: Config;
  account: Account | null;
  slice: Slice;
}

export interface ApiStream<Config, Credentials, Body = unknown> extends StreamSpec {
  /** In the order of the table. The key's columns are among them. */
  columns: readonly Column[];
  /**
   * Calls the vendor through `context.call`. Gives a page only when it arrived whole, and throws when counts show that the pages together
   * were not (`source_changed`: read again). Streams with a checkpoint of their own name it on each page after which reading may resume.
   */
  pages(request: ApiRequest<Config, Credentials>, context: ConnectorContext): AsyncIterable<Page<Body>>;
  /** Pure. One object per row, by column name. */
  rows(body: Body, origin: PageOrigin<Config>): Iterable<ApiRow>;
  /** Pure. What people should know about these rows, e.g. that they are sampled. */
  warnings?(body: Body): readonly string[];
}

/** What most streams are; a stream says only where it differs. */
export const streamDefaults = {
  mode: 'upsert',
  cursor: null,
  lookbackDays: 0,
  provisionalDays: 0,
  slicing: null,
} as const satisfies Partial<StreamSpec>;

/** Streams cut by days: their rows replace those of the days read, since a vendor also takes rows back. */
export const byDays = (days: { days: number; mostDays: number; historyDays?: number }) =>
  ({
    mode: 'replace-window',
    cursor: 'date',
    slicing: { days: days.days, mostDays: days.mostDays, historyDays: days.historyDays ?? null },
  }) as const satisfies Partial<StreamSpec>;
