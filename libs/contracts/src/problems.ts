/** Typed errors: each has a code from this catalogue, which fixes its HTTP status, title and what a queue does with it. */

/** What a worker does with a job that failed so: try it again, give it up, or wait until a known time. */
export type Verdict = 'retry' | 'discard' | 'wait';

const problem = <S extends number>(status: S, title: string, verdict: Verdict = 'discard') => ({
  status,
  title,
  verdict,
});

export const problems = {
  invalid_input: problem(400, 'Some of the input is not valid'),
  unauthenticated: problem(401, 'Sign in first'),
  forbidden: problem(403, 'You may not do this'),
  not_found: problem(404, 'There is no such thing'),
  conflict: problem(409, 'This conflicts with what is there'),
  has_dependents: problem(409, 'Other things depend on this'),
  cycle: problem(409, 'Models would depend on each other in a circle'),
  name_taken: problem(409, 'That name is taken'),
  changed_meanwhile: problem(412, 'This was changed meanwhile'),
  too_large: problem(413, 'This is too large'),
  sql_refused: problem(422, 'The query is not allowed'),
  sql_failed: problem(422, 'The query failed'),
  sql_timeout: problem(422, 'The query took too long'),
  sql_too_costly: problem(422, 'The query would cost too much'),
  result_too_large: problem(422, 'The result is too large'),
  input_not_built: problem(422, 'A model it reads has not been built yet'),
  not_kept: problem(422, 'What was shown then is no longer kept'),
  schema_incompatible: problem(422, 'The columns changed in a way the policy forbids'),
  guard_failed: problem(422, 'A guard blocked publishing'),
  source_unreachable: problem(422, 'The source could not be reached', 'retry'),
  source_refused: problem(422, 'The source refused the request'),
  source_not_found: problem(422, 'The source was not found'),
  source_unauthorized: problem(422, 'The source refused the credentials'),
  source_quota: problem(422, 'The source is out of quota', 'wait'),
  source_changed: problem(422, 'The source changed while it was read', 'retry'),
  source_page_expired: problem(422, 'The source forgot where we were', 'retry'),
  source_slice_too_large: problem(422, 'The source cannot give so much at once'),
  source_unreadable: problem(422, 'What the source sent could not be read'),
  address_not_allowed: problem(422, 'That address is not allowed'),
  too_many_rejects: problem(422, 'Too many rows could not be loaded'),
  cancelled: problem(409, 'It was cancelled'),
  too_many_requests: problem(429, 'Too many requests', 'wait'),
  internal: problem(500, 'Something went wrong on our side', 'retry'),
  unavailable: problem(503, 'A part of Freshet is not available just now', 'retry'),
} as const;

export type ProblemCode = keyof typeof problems;

export interface ProblemDetails {
  /** What to do about it, in words for the person; shown next to the message. */
  action?: string;
  /** Field path → messages, as from validation. */
  errors?: { path: string; message: string }[];
  /** 0-based offset in characters into the text the person gave (SQL). */
  position?: number;
  /** For `wait`: when to try again. */
  until?: Date;
  /** Further members of the problem document, such as the dependents that block a deletion. */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * The one error class of Freshet. `message` is one plain sentence for the person who caused it.
 * HTTP maps it to problem+json, the bus to a retry, a delay or a final failure.
 */
export class FreshetError extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly details: ProblemDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'FreshetError';
  }

  get status(): number {
    return problems[this.code].status;
  }

  get verdict(): Verdict {
    return problems[this.code].verdict;
  }
}

/** Any thrown value as a FreshetError; what is not one becomes `internal` and keeps its cause for the log. */
export const toFreshetError = (error: unknown): FreshetError =>
  error instanceof FreshetError
    ? error
    : new FreshetError('internal', 'Something went wrong on our side. It was logged; try again.', {
        cause: error,
      });
