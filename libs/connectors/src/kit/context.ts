/** What the kit gives a connector for one check, discovery or read. */
import type { Readable } from 'node:stream';
import type { HttpFetch } from './http/http-client';

export interface ConnectorLog {
  info(details: Record<string, unknown>, message: string): void;
  warn(details: Record<string, unknown>, message: string): void;
}

export interface Upload {
  fileName: string;
  body: Readable;
}

export interface ConnectorContext {
  /** The checked HTTP client; gives up when `signal` aborts. */
  fetch: HttpFetch;
  /** Repeats an operation by the verdict of its error, honouring `Retry-After`. */
  retry<T>(operation: () => Promise<T>): Promise<T>;
  /** Most bytes of one file or response, unpacked. */
  maxBytes: number;
  signal: AbortSignal;
  now(): Date;
  log: ConnectorLog;
  /** Opens an uploaded file. Throws `source_not_found`. */
  openUpload(uploadId: string): Promise<Upload>;
}
