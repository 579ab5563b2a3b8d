/** Every error as an RFC 9457 problem document; the one place that decides what a caller gets to see of it. */
import { HttpException } from '@nestjs/common';
import { FreshetError, problems, type Problem, type ProblemCode } from '@freshet/contracts';

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  document: Problem & Record<string, unknown>;
  /** Not the caller's doing: to be logged with its cause. */
  ours: boolean;
}

export function problemAnswer(thrown: unknown, instance: string, now: Date): ProblemAnswer {
  const error = toKnown(thrown);
  const { status, title } = problems[error.code];
  const { action, errors, position, until, extra } = error.details;
  return {
    status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...headersOf(error.code, until, now),
    },
    document: {
      ...extra,
      type: `urn:freshet:problem:${error.code}`,
      title,
      status,
      detail: error.message,
      instance,
      code: error.code,
      ...(action !== undefined && { action }),
      ...(position !== undefined && { position }),
      ...(errors !== undefined && { errors }),
    },
    ours: status >= 500,
  };
}

function headersOf(code: ProblemCode, until: Date | undefined, now: Date): Record<string, string> {
  if (code === 'unauthenticated') return { 'www-authenticate': 'Bearer realm="freshet"' };
  if (until)
    return { 'retry-after': String(Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1_000))) };
  return code === 'unavailable' ? { 'retry-after': '5' } : {};
}

function toKnown(thrown: unknown): FreshetError {
  if (thrown instanceof FreshetError) return thrown;
  if (isConnectionFailure(thrown))
    return new FreshetError('unavailable', 'The database is not reachable just now. Try again in a moment.', {
      cause: thrown,
    });
  const status = statusOf(thrown);
  if (status !== undefined && status < 500) return fromStatus(status, thrown);
  return new FreshetError('internal', 'Something went wrong on our side. It was logged; try again.', {
    cause: thrown,
  });
}

/** What Nest and Express themselves refuse: unknown paths, unreadable or huge bodies. */
function fromStatus(status: number, cause: unknown): FreshetError {
  const known: Record<number, [ProblemCode, string]> = {
    401: ['unauthenticated', 'Sign in, or send an API key as `Authorization: Bearer <key>`.'],
    403: ['forbidden', 'You may not do this.'],
    404: ['not_found', 'There is nothing at this address.'],
    413: ['too_large', 'The request is too large. Send less at once.'],
    429: ['too_many_requests', 'Too many requests. Wait a little and try again.'],
  };
  const [code, detail] = known[status] ?? [
    'invalid_input',
    'The request could not be read. Send valid JSON as `application/json`.',
  ];
  return new FreshetError(code, detail, { cause });
}

/** Of Nest's exceptions, and of the errors of Express' body parsers, which mark what callers may see by `expose`. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'expose' in thrown && thrown.expose === true && 'status' in thrown)
    return Number(thrown.status);
  return undefined;
}

const lostCodes =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT|08\w{3}|57P0[123])$/;
/** What the pg driver says of connections that ended or were never opened: these errors carry no code. */
const lostMessages =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Query read timeout)/;

/** Node's socket errors, PostgreSQL's classes 08 (connection) and 57P (shutting down, starting up), and the driver's own. */
export function isConnectionFailure(thrown: unknown): boolean {
  for (let error = thrown as Failure | undefined, depth = 0; isObject(error) && depth < 5; depth++) {
    const { code, message, errors } = error;
    if (code === undefined ? lostMessages.test(String(message)) : lostCodes.test(String(code))) return true;
    // Of a name that stands for several addresses, each has its own error.
    if (Array.isArray(errors) && errors.some(isConnectionFailure)) return true;
    error = error.cause;
  }
  return false;
}

/** By its members rather than its class: Node's own errors need not be of this context's `Error`. */
interface Failure {
  code?: unknown;
  message?: unknown;
  errors?: unknown;
  cause?: Failure;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
