/** What a file server can be told to do wrong, one fault for each request, in order. */

export type FileFault =
  /** Accepts the request and never answers. */
  | { kind: 'hang' }
  /** Sends the headers and part of the body, then nothing more. */
  | { kind: 'stall'; afterBytes: number }
  /** Announces the whole length, sends part of it and cuts the connection. */
  | { kind: 'truncate'; afterBytes: number }
  /** Ends a body short of its content-encoding, over a connection that closes properly. */
  | { kind: 'truncated-gzip' }
  /** Says gzip and sends something else. */
  | { kind: 'bad-gzip' }
  | { kind: 'status'; status: number; retryAfter?: string; body?: string }
  | { kind: 'redirect'; to: string; status?: number }
  | { kind: 'content-type'; contentType: string }
  /** Another version takes the file's place as soon as this response was sent. */
  | { kind: 'change-after'; body: string | Buffer };
