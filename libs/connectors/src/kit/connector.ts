/** What a connector is: a description, and check, discover and read. Everything else is the kit's. */
import type { LoadMode } from '@freshet/contracts';
import type { Column, Reject, Row } from './column';
import type { ConnectorContext } from './context';

export type AuthKind = 'none' | 'key' | 'oauth2';

/** JSON Schema 2020-12, made from the connector's zod schema. */
export type JsonSchema = Record<string, unknown>;

export interface StreamSpec {
  name: string;
  mode: LoadMode;
  /** Names of the columns that identify a row; empty when rows have no key. */
  key: string[];
  /** The column by which the stream is read incrementally. */
  cursor: string | null;
  /** Days re-read before the cursor, since the vendor restates them. */
  lookbackDays: number;
  /** Days after which a value no longer changes; charts mark younger ones as provisional. */
  provisionalDays: number;
}

export interface DiscoveredStream extends StreamSpec {
  columns: Column[];
  /** A few rows to look at; empty when the vendor gives none cheaply. */
  sample: Row[];
}

export interface ConnectorSpec {
  /** As in `source.type`, kebab-case. */
  type: string;
  name: string;
  /** One sentence for those who choose among connectors. */
  description: string;
  auth: AuthKind;
  config: JsonSchema;
  /** `null` when the connector needs no credentials. */
  credentials: JsonSchema | null;
  /** The vendor's own documentation, or `null`. */
  docsUrl: string | null;
  /** Streams that every source of this type has; empty when they depend on the config (see `streams`). */
  streams: StreamSpec[];
  provisionalDays: number;
}

export interface CheckStep {
  name: string;
  ok: boolean;
  /** One sentence; when not ok, it says what to do. */
  message: string;
}

export interface CheckResult {
  ok: boolean;
  checks: CheckStep[];
}

/** A part of a stream that is read and committed as one; `from` is inclusive, `to` exclusive, `YYYY-MM-DD` in the account's zone. */
export interface Slice {
  from?: string;
  to?: string;
}

/** What a connector needs to go on where it stopped: a JSON object that only the connector understands. */
export type Checkpoint = Record<string, unknown>;

export interface ReadRequest<Config = unknown, Credentials = unknown> {
  config: Config;
  credentials: Credentials;
  stream: string;
  /** Empty for streams that are always read whole. */
  slice: Slice;
  /** That of the last commit, or `null` to read from the beginning. */
  checkpoint: Checkpoint | null;
  /** The columns the table has; their types stay unless a value does not fit. `null` before the first load. */
  knownColumns: Column[] | null;
}

export interface Batch {
  /**
   * The columns of `rows`. Known columns come first, in their order, also those that vanished upstream (all null), then new
   * ones. Each batch states them; a list that differs from the last one (or from the known ones) is a schema change.
   */
  columns: readonly Column[];
  rows: Row[];
  rejects: Reject[];
  /** To be stored in the transaction that commits the rows up to here; `null` where reading cannot resume. */
  checkpoint: Checkpoint | null;
  /** Share of the slice read so far, 0–1, or `null` when no total is known. */
  progress: number | null;
  /** The source says that nothing changed since the checkpoint: every row there is still right. Only in a sole batch without rows. */
  notModified: boolean;
}

export interface Connector {
  readonly spec: ConnectorSpec;
  /** Validates a config. Throws `invalid_input` with one message per field. */
  parseConfig(config: unknown): unknown;
  /** Validates credentials. Throws `invalid_input` with one message per field. */
  parseCredentials(credentials: unknown): unknown;
  /** The streams of a source with this config, without asking the vendor. */
  streams(config: unknown): StreamSpec[];
  /** Never throws for what the person can put right: such findings are steps that are not ok. */
  check(config: unknown, credentials: unknown, context: ConnectorContext): Promise<CheckResult>;
  discover(config: unknown, credentials: unknown, context: ConnectorContext): Promise<DiscoveredStream[]>;
  /** At least one batch; the last one ends the slice. Throws FreshetError; what came before a throw must not be committed as whole. */
  read(request: ReadRequest, context: ConnectorContext): AsyncIterable<Batch>;
}
