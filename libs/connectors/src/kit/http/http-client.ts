/** The only way by which a connector reaches an address that a person typed: checked, bounded, timed. */
import type { Readable } from 'node:stream';

export interface HttpRequest {
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

export interface HttpResponse {
  /** Where the answer came from, after redirects. */
  url: string;
  status: number;
  /** Lower-case names; repeated headers joined by a comma. */
  headers: Record<string, string>;
  /** The body as sent, content-encoding already undone; errors when it did not arrive whole. Must be read or destroyed. */
  body: Readable;
}

/**
 * Follows at most 5 redirects. Gives any final status, 304 and errors included. Throws `address_not_allowed`,
 * `source_unreachable` (no connection, hang, cut off), `source_unreadable` (bad encoding, too large), `cancelled`.
 */
export type HttpFetch = (url: string, request?: HttpRequest) => Promise<HttpResponse>;

export interface HttpClientOptions {
  /** Host names, addresses or CIDR ranges that may be reached although they are not public (`FRESHET_ALLOW_HOSTS`). */
  allowHosts?: readonly string[];
  /** Milliseconds to connect; to the first header; without a single byte. */
  timeouts?: { connect?: number; headers?: number; idle?: number };
  /** Most bytes of one body, after decompression. */
  maxBodyBytes?: number;
}

export interface HttpClient {
  fetch: HttpFetch;
  /** Closes idle connections; the process may then end. */
  close(): Promise<void>;
}
