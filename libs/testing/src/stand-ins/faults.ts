/** What a vendor's stand-in can be told to do wrong, one fault for each request that reaches its API, in order. */

export type StandInFault =
  /** Answers in the vendor's own error format where it has one for this status. */
  | { kind: 'status'; status: number; retryAfter?: string }
  /** Accepts the request and never answers. */
  | { kind: 'hang' }
  /** Announces the whole length, sends part of the body and cuts the connection. */
  | { kind: 'truncate' }
  /** Says gzip and sends something else. */
  | { kind: 'bad-gzip' }
  /** A proxy's page of HTML with status 200, where JSON should be. */
  | { kind: 'html' }
  /** Answers with what the request before got, as a cache in between might. */
  | { kind: 'repeat' }
  /** Does all that was asked and loses the answer on the way. */
  | { kind: 'lose-answer' };
