/** For vendors without a client library: one request through the checked HTTP client, its answer told by status, its JSON read without rounding. */
import { text } from 'node:stream/consumers';
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext } from '../context';
import { explainStatus } from '../explain';
import type { HttpRequest } from './http-client';

export interface ApiAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  text: string;
}

/** Any answer with a status other than 2xx. */
export class RefusedAnswer extends Error {
  constructor(
    readonly answer: ApiAnswer,
    readonly url: string,
  ) {
    super(`refused with ${answer.status}`);
  }
}

/** An answer that arrived but can't be what was asked for; the kit takes it for a broken one and asks again. */
export const brokenAnswer = (what: string, cause?: unknown): SyntaxError => new SyntaxError(what, { cause });

/** Broken compression is final for a file, and an accident for an API that is asked again. */
export const readingAnswer = async <T>(read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FreshetError && error.code === 'source_unreadable')
      throw brokenAnswer('The answer is damaged.', error);
    throw error;
  }
};

/** To be called within `context.call`. Throws RefusedAnswer for what is not 2xx. */
export const askApi = async (
  context: Pick<ConnectorContext, 'fetch'>,
  url: string,
  request: HttpRequest & { signal: AbortSignal },
): Promise<ApiAnswer> => {
  const { status, headers, body } = await context.fetch(url, request);
  const answer = { status, headers, text: await readingAnswer(() => text(body)) };
  if (status < 200 || status > 299) throw new RefusedAnswer(answer, url);
  return answer;
};

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined && !Number.isSafeInteger(value)
    ? context.source
    : value;

/** Numbers that a double may round (fractions, long ids) become text. Throws a SyntaxError. */
export const exactJson = (source: string): unknown => JSON.parse(source, keepDigits) as unknown;

/** Explains refusals by their status, with the vendor's own sentence where `says` finds one. */
export const explainRefusal =
  (vendor: string, says: (body: unknown) => string | undefined) =>
  (error: unknown, now: Date): FreshetError | null => {
    if (!(error instanceof RefusedAnswer)) return null;
    const { status, headers, text: source } = error.answer;
    let message: string | undefined;
    try {
      message = says(exactJson(source));
    } catch {
      // A proxy's page of HTML says nothing to people.
    }
    return explainStatus({ vendor, status, headers, ...(message && { message }), cause: error }, now);
  };

/** `Basic dXNlcjpwYXNzd29yZA==` */
export const basicAuth = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
