/** What the kit gives a connector for one check, discovery or read. */
import type { Readable } from 'node:stream';
import type { FreshetError } from '@freshet/contracts';
import type { Page } from './connector';
import type { HttpFetch } from './http/http-client';

export interface ConnectorLog {
  info(details: Record<string, unknown>, message: string): void;
  warn(details: Record<string, unknown>, message: string): void;
}

export interface Upload {
  fileName: string;
  body: Readable;
}

/** An OAuth grant's access token, renewed before it expires. Shared by concurrent calls: twenty at once cause one renewal. */
export interface AccessTokens {
  /** Throws `source_unauthorized` when the grant was revoked or expired. */
  get(): Promise<string>;
  /** Another token than this one, which the vendor did not take any more. */
  renew(refused: string): Promise<string>;
}

/** How often one account of a vendor may be asked, by all processes together. */
export interface Pace {
  /** Names the account; never a secret itself. */
  key: string;
  perSecond?: number;
  perMinute?: number;
  /** Requests under way at once. */
  atOnce?: number;
}

/** Waits for a turn; the function it gives ends a request that counted towards `atOnce`. */
export type Pacer = (pace: Pace, signal: AbortSignal) => Promise<() => void>;

/** What an installation sets for all its sources, see `docs/configuration.md`. */
export interface VendorSettings {
  /** Another address of the vendor's API (`FRESHET_<TYPE>_URL`), without a slash at the end; null: the vendor's own. */
  baseUrl: string | null;
  /** Google's OAuth client and the developer token of Google Ads; '' when not set. */
  clientId: string;
  clientSecret: string;
  developerToken: string;
}

/** One attempt at a call to the vendor. */
export interface Attempt {
  /** Aborts when the run ends or the request takes too long. */
  signal: AbortSignal;
  /** For sources connected by OAuth; '' for others. */
  accessToken: string;
}

/** Says what a client library's error means; null when only the network or the status tells. */
export type Explain = (error: unknown, now: Date) => FreshetError | null;

/** What the kit has to know about a connector to carry out its calls. */
export interface Speaker {
  /** As people call the vendor. */
  vendor: string;
  explain: Explain;
  pace: Pace | null;
}

export interface ConnectorContext {
  /**
   * Carries out one call to the vendor through its client library: waits for its turn, times it out, renews a refused access token once,
   * repeats it by the verdict of its error, and throws a FreshetError in the connector's words (`explain`).
   */
  call<T>(operation: (attempt: Attempt) => Promise<T>): Promise<T>;
  /** The same context, with calls paced and errors told as this connector does. */
  of(connector: Speaker): ConnectorContext;
  settings: VendorSettings;
  /** Whether consent by OAuth is behind the source, so that `Attempt.accessToken` is there. */
  hasConsent: boolean;
  /** Keeps a page as it came, where the source has an archive. */
  archive(page: Page): Promise<void>;
  /** The checked HTTP client; gives up when `signal` aborts. */
  fetch: HttpFetch;
  /** An IP address that may be connected to by what is no HTTP. Throws `address_not_allowed`, `source_unreachable`. */
  addressOf(hostname: string): Promise<string>;
  /** Repeats an operation by the verdict of its error, honouring `Retry-After`. */
  retry<T>(operation: () => Promise<T>): Promise<T>;
  /** Waits so many milliseconds for work that goes on at the vendor, such as a report job; rejects when `signal` aborts. */
  wait(milliseconds: number): Promise<void>;
  /** Most bytes of one file or response, unpacked. */
  maxBytes: number;
  signal: AbortSignal;
  now(): Date;
  log: ConnectorLog;
  /** Opens an uploaded file. Throws `source_not_found`. */
  openUpload(uploadId: string): Promise<Upload>;
}
