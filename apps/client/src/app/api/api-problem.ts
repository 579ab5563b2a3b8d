/** What went wrong with a call, as problem+json tells it, or as well as it can be told when no answer came. */
import { HttpErrorResponse } from '@angular/common/http';
import type { Problem, ProblemCode } from '@freshet/contracts';

/** `offline`: the request got no answer at all. */
export type ApiProblemCode = ProblemCode | 'offline';

export class ApiProblem extends Error {
  readonly code: ApiProblemCode;
  readonly status: number;
  /** One sentence: the cause. */
  readonly detail: string;
  /** One sentence: what to do about it. */
  readonly action: string | null;
  /** 0-based offset in characters into the text given (SQL). */
  readonly position: number | null;
  readonly errors: readonly { path: string; message: string }[];
  /** When to try again, from `Retry-After`. */
  readonly retryAt: Date | null;
  /** All members of the problem document, such as `dependents`. */
  readonly document: Readonly<Record<string, unknown>>;

  constructor(
    problem: Partial<Problem> & { code: ApiProblemCode; detail: string },
    retryAt: Date | null = null,
  ) {
    super(problem.detail);
    this.name = 'ApiProblem';
    this.code = problem.code;
    this.status = problem.status ?? 0;
    this.detail = problem.detail;
    this.action = problem.action ?? null;
    this.position = problem.position ?? null;
    this.errors = problem.errors ?? [];
    this.retryAt = retryAt;
    this.document = { ...problem };
  }

  /** The message for one field of the body, if it is to blame. */
  at(path: string): string | null {
    return this.errors.find((error) => error.path === path)?.message ?? null;
  }
}

const isProblem = (body: unknown): body is Problem & { code: ProblemCode } =>
  typeof body === 'object' &&
  body !== null &&
  'code' in body &&
  'detail' in body &&
  typeof body.detail === 'string';

const retryAt = (header: string | null, now: number): Date | null => {
  if (header === null) return null;
  const seconds = Number(header);
  const at = Number.isFinite(seconds) ? now + seconds * 1_000 : Date.parse(header);
  return Number.isNaN(at) ? null : new Date(at);
};

/** Any failure of a call as an ApiProblem. */
export const toApiProblem = (error: unknown, now = Date.now()): ApiProblem => {
  if (error instanceof ApiProblem) return error;
  if (!(error instanceof HttpErrorResponse)) {
    return new ApiProblem({
      code: 'internal',
      detail: 'Something went wrong on this page.',
      action: 'Reload the page.',
    });
  }
  if (isProblem(error.error))
    return new ApiProblem(error.error, retryAt(error.headers.get('Retry-After'), now));
  if (error.status === 0) {
    return new ApiProblem({
      code: 'offline',
      detail: 'Freshet could not be reached.',
      action: 'Check your connection, then try again.',
    });
  }
  return new ApiProblem({
    code: error.status === 404 ? 'not_found' : error.status === 401 ? 'unauthenticated' : 'internal',
    status: error.status,
    detail:
      error.status === 404
        ? 'There is no such thing.'
        : `The server answered with an error (${error.status}).`,
    action: error.status === 404 ? undefined : 'Try again; if it stays, tell the person who runs Freshet.',
  });
};
