/** Turns what PostgreSQL says of a person's query into problems that tell the person what to do. */
import { FreshetError } from '@freshet/contracts';

interface DatabaseError {
  code?: string;
  message?: string;
  position?: string;
  hint?: string;
}

/** Where a position in the statement that ran lies in the person's text: 1-based code points in, 0-based UTF-16 offset out. */
export type ToUserPosition = (position: number) => number | undefined;

export interface StatementContext {
  /** Code points of the statement before the bound query begins. */
  offset?: number;
  toUserPosition?: ToUserPosition;
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Classes of SQLSTATE that are the query's own doing. Source: PostgreSQL 18 manual, appendix A. */
const queryErrors = new Set(['0A', '20', '21', '22', '23', '2F', '42', '54', 'P0']);

/** Always throws: `cancelled`, `sql_timeout`, `sql_failed` (with the position), or `unavailable` when the server is what failed. */
export const throwSqlError = (
  error: unknown,
  { offset = 0, toUserPosition, timeoutMs, signal }: StatementContext = {},
): never => {
  if (error instanceof FreshetError) throw error;
  const { code = '', message = 'It gave no reason', position, hint } = error as DatabaseError;
  if (signal?.aborted) throw new FreshetError('cancelled', 'The build was cancelled.', { cause: error });
  if (code === '57014') {
    const limit = timeoutMs === undefined ? 'the allowed time' : `${Math.round(timeoutMs / 1_000)} s`;
    throw new FreshetError(
      'sql_timeout',
      `The query took longer than ${limit}. Read fewer rows, or raise the limit.`,
      { cause: error },
    );
  }
  if (code === '53400') {
    throw new FreshetError(
      'sql_too_costly',
      'The query needs more temporary space than is allowed. Read fewer rows, or sort and join less.',
      { cause: error },
    );
  }
  if (queryErrors.has(code.slice(0, 2))) {
    const at = position === undefined ? undefined : Number(position) - offset;
    const inText = at !== undefined && at > 0 ? toUserPosition?.(at) : undefined;
    throw new FreshetError('sql_failed', sentence(message, hint), {
      cause: error,
      ...(inText !== undefined && { position: inText }),
    });
  }
  throw new FreshetError(
    'unavailable',
    'The database could not build this just now. It will be tried again.',
    { cause: error },
  );
};

const sentence = (message: string, hint: string | undefined): string => {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return [text, hint]
    .filter(Boolean)
    .map((part) => `${String(part).replace(/\.$/, '')}.`)
    .join(' ');
};
