/** Turns what PostgreSQL says about a person's query into an error about the text that the person wrote. */
import { DatabaseError } from 'pg';
import { FreshetError, type ProblemDetails } from '@freshet/contracts';

import type { BoundQuery } from '../binding/bound-query';

/** A value in a message can be as long as a value. */
const maxMessage = 500;

/** Classes of SQLSTATEs that are the query's own doing; others are the server's, whose words are none of people's business (PostgreSQL 18 manual, appendix A). */
const ownDoing = /^(0A|20|21|22|23|25|2F|42|54|P0|2B|34|39|3F)/;

export const tooSlow = (cause: unknown): FreshetError =>
  new FreshetError(
    'sql_timeout',
    'The query took too long and was stopped. Narrow it down, or let a model prepare the heavy part.',
    { cause },
  );

const tooMuchDisk = (cause: unknown): FreshetError =>
  new FreshetError(
    'sql_too_costly',
    'The query needs more temporary disk space than is allowed. Sort or join fewer rows.',
    { cause },
  );

const tooMuchMemory = (cause: unknown): FreshetError =>
  new FreshetError(
    'sql_too_costly',
    'The query needs more memory than PostgreSQL can give: no value can be larger than 1 GB. Build smaller texts, lists and JSON.',
    { cause },
  );

/** "Invalid memory alloc request size", "string buffer exceeds maximum allowed length", "array size exceeds the maximum allowed" … */
const isTooLargeValue = ({ code, message }: DatabaseError): boolean =>
  (code === 'XX000' && message.startsWith('invalid memory alloc')) ||
  (code === '54000' && /exceeds|too large|too long/.test(message));

const unavailable = (cause: unknown): FreshetError =>
  new FreshetError('unavailable', 'The database cannot be reached just now. Try again in a moment.', {
    cause,
  });

/**
 * `sql_timeout`, `sql_too_costly`, `unavailable` or `sql_failed` with PostgreSQL's message, its hint as the action, and
 * the position in the person's text. `prefixLength`: code points that stood before the bound text in what was sent.
 */
export const queryFailure = (error: unknown, bound: BoundQuery, prefixLength = 0): FreshetError => {
  if (error instanceof FreshetError) return error;
  if (!(error instanceof DatabaseError)) return unavailable(error);
  const code = error.code ?? '';
  if (code === '57014') return tooSlow(error);
  if (code === '53400') return tooMuchDisk(error);
  if (code === '53200' || isTooLargeValue(error)) return tooMuchMemory(error);
  if (!ownDoing.test(code)) return unavailable(error);
  const position =
    error.position === undefined ? undefined : bound.toUserPosition(Number(error.position) - prefixLength);
  // undefined_table can only be a version that was retired between binding and running.
  if (error.code === '42P01' && position === undefined)
    return new FreshetError('unavailable', 'The data was replaced while the query began. Try again.', {
      cause: error,
    });
  const details: ProblemDetails = { cause: error };
  if (position !== undefined) details.position = position;
  if (error.hint) details.action = shortened(error.hint);
  return new FreshetError('sql_failed', sentence(shortened(error.message)), details);
};

const shortened = (text: string): string =>
  text.length > maxMessage ? `${text.slice(0, maxMessage)}…` : text;
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.…?!]$/.test(text) ? '' : '.'}`;
