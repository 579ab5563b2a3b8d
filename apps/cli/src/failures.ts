/** What can go wrong with a command, as a sentence for the person and an exit code for the script. */
import { ApiError } from '@freshet/sdk';

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** `message` is shown as it is, without a stack. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

export const usageFailure = (message: string): Failure => new Failure(message, exitCodes.usage);

/** Any error of a command; one that nobody foresaw keeps its own words. */
export function toFailure(error: unknown, url: string): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ApiError) return new Failure(sentenceOf(error, url), codeOf(error.status));
  // What fetch throws for an address where nothing answers.
  if (isError(error) && error.message === 'fetch failed')
    return new Failure(
      `Freshet does not answer at ${url}. Start it with npm start, or give its address with --url.`,
      exitCodes.unreachable,
    );
  return new Failure(isError(error) ? error.message : String(error), exitCodes.failed);
}

function sentenceOf({ status, problem }: ApiError, url: string): string {
  if (status === 401) return `${url} does not know this API key. Give another one with --key.`;
  const { detail = `${url} answered ${status}.`, action } = problem as { detail?: string; action?: string };
  return action ? `${detail} ${action}` : detail;
}

function codeOf(status: number): ExitCode {
  if (status === 404) return exitCodes.notFound;
  return status === 401 || status === 403 ? exitCodes.refused : exitCodes.failed;
}

const isError = (value: unknown): value is Error =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
