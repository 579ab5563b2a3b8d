/** What a connector is: a description, and check, discover and read. Everything else is the kit's. */
import type { LoadMode } from '@freshet/contracts';
import type { Column, Reject, Row } from './column';
import type { ConnectorContext } from './context';
import type { ConnectorTemplate } from './template';

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
  /** One sentence for those who choose among streams. */
  description: string;
  /** Cut by days of the account's zone, each slice read and committed as one; null: read whole, or on from the connector's own checkpoint. */
  slicing: Slicing | null;
  /** What its rows are read from, where a person says so: a table or a query. Another one under the same name is read anew. */
  origin?: string;
}

export interface Slicing {
  /** Days of a slice at first; halved when the vendor finds it too large, doubled while it is small. */
  days: number;
  /** No slice is longer. 1 where more days in one answer would be sampled. */
  mostDays: number;
  /** The vendor keeps no more than so many days; null: everything. */
  historyDays: number | null;
}

/** Where an account lives: its days are cut in its zone, its money is in its currency. */
export interface Account {
  /** As the vendor calls it; shown to people. */
  name: string;
  /** IANA name. */
  timeZone: string;
  /** ISO 4217, or null where there is no money or each row names its own. */
  currency: string | null;
}

/** Something to choose for one field of the config, such as a property or a customer. */
export interface Choice {
  /** The field of the config that the value goes into. */
  field: string;
  value: string;
  label: string;
  /** What tells equal labels apart, such as the account above it; '' for nothing. */
  detail: string;
}

export interface DiscoveredStream extends StreamSpec {
  columns: Column[];
  /** A few rows to look at; empty when the vendor gives none cheaply. */
  sample: Row[];
  /** Where streams are chosen in the config: what choosing this one adds to its `streams`. */
  config?: Readonly<Record<string, unknown>>;
}

export interface ConnectorSpec {
  /** As in `source.type`, kebab-case. */
  type: string;
  name: string;
  /** One sentence for those who choose among connectors. */
  description: string;
  auth: AuthKind;
  /** For `oauth2`: who is asked for consent, and to what. */
  oauth: OAuthNeed | null;
  /** Raw answers are archived unless the source says otherwise (spec SY5). */
  archives: boolean;
  /** Webhooks that the vendor can send to `/api/hooks/<type>/<source id>`. */
  webhook: boolean;
  config: JsonSchema;
  /** `null` when the connector needs no credentials beside consent. */
  credentials: JsonSchema | null;
  /** The vendor's own documentation, or `null`. */
  docsUrl: string | null;
  /** Streams that every source of this type has; empty when they depend on the config (see `streams`). */
  streams: StreamSpec[];
  provisionalDays: number;
}

export interface OAuthNeed {
  provider: 'google' | 'meta';
  scopes: readonly string[];
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
  /** Empty for streams that are not cut by days. */
  slice: Slice;
  /** As `account` answered; null for connectors without one. */
  account: Account | null;
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
  /** What people should know about these rows, such as that the vendor sampled them; each is told once. */
  warnings?: readonly string[];
}

/** A vendor's answer as it came, decoded from JSON (exact: no money or id as a JavaScript number); what is archived and can be replayed. */
export interface Page<Body = unknown> {
  body: Body;
  /** As in `Batch`. */
  checkpoint?: Checkpoint | null;
  progress?: number | null;
}

export interface Connector {
  readonly spec: ConnectorSpec;
  readonly templates: readonly ConnectorTemplate[];
  /** Once the first batch is there all others lie on this machine, so that loading them keeps nobody waiting for the vendor. */
  readonly isLocal: boolean;
  /** Validates a config. Throws `invalid_input` with one message per field. */
  parseConfig(config: unknown): unknown;
  /** Validates credentials. Throws `invalid_input` with one message per field. */
  parseCredentials(credentials: unknown): unknown;
  /** The streams of a source with this config, without asking the vendor. */
  streams(config: unknown): StreamSpec[];
  /** Never throws for what the person can put right: such findings are steps that are not ok. */
  check(config: unknown, credentials: unknown, context: ConnectorContext): Promise<CheckResult>;
  discover(config: unknown, credentials: unknown, context: ConnectorContext): Promise<DiscoveredStream[]>;
  /** What there is to choose from, for a config that need not be whole yet. Empty where nothing is chosen from a list. */
  choices(config: unknown, credentials: unknown, context: ConnectorContext): Promise<Choice[]>;
  /** Whose data it is, or null where days and money have no home (files, tables). Asked once a run. */
  account(config: unknown, credentials: unknown, context: ConnectorContext): Promise<Account | null>;
  /** At least one batch; the last one ends the slice. Throws FreshetError; what came before a throw must not be committed as whole. */
  read(request: ReadRequest, context: ConnectorContext): AsyncIterable<Batch>;
  /** Normalises archived pages of one read again, without asking the vendor; null for connectors without an archive. */
  replay: ((request: ReadRequest, pages: AsyncIterable<Page>) => AsyncIterable<Batch>) | null;
  /** Turns what a vendor's webhook sent into rows; null without webhooks. */
  receive: ((delivery: Delivery) => Received) | null;
}

/** One request that a vendor sent to us. */
export interface Delivery {
  config: unknown;
  credentials: unknown;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Buffer;
}

/** Throws `unauthenticated` or `invalid_input` instead when a delivery is not to be trusted or understood. */
export interface Received {
  stream: string;
  columns: readonly Column[];
  rows: Row[];
  rejects: Reject[];
}
