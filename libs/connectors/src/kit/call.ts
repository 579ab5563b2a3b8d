/** One call to a vendor through its client library: its turn, its time, its token, its repetitions, and its errors in words. */
import { FreshetError } from '@freshet/contracts';
import { cancelled, wasCancelled } from './cancelled';
import type { AccessTokens, Attempt, Pacer, Speaker } from './context';
import { explainStatus, isBrokenAnswer } from './explain';
import type { Retry } from './retry';

export interface Calls {
  speaker: Speaker;
  signal: AbortSignal;
  now(): Date;
  retry: Retry;
  pacer: Pacer;
  tokens: AccessTokens | null;
  /** Milliseconds that one request may take. */
  requestTimeout: number;
}

export const calling =
  (calls: Calls) =>
  async <T>(operation: (attempt: Attempt) => Promise<T>): Promise<T> => {
    /** A token that was refused is renewed once in each call: a second refusal is about rights, not about age. */
    let renewed = false;
    return calls.retry(async () => {
      for (;;) {
        const accessToken = calls.tokens ? await calls.tokens.get() : '';
        try {
          return await paced(calls, (signal) => operation({ signal, accessToken }));
        } catch (error) {
          const told = explained(error, calls);
          if (!calls.tokens || renewed || !isRefusedToken(told)) throw told;
          renewed = true;
          await calls.tokens.renew(accessToken);
        }
      }
    });
  };

const paced = async <T>(calls: Calls, operation: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const { pace } = calls.speaker;
  const done = pace ? await calls.pacer(pace, calls.signal) : () => undefined;
  try {
    return await timed(calls, operation);
  } finally {
    done();
  }
};

/** Not every client library minds a signal, so the wait ends here even if the request goes on. */
const timed = async <T>(
  { signal, requestTimeout }: Calls,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const both = AbortSignal.any([signal, AbortSignal.timeout(requestTimeout)]);
  both.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(both.reason as Error);
    both.addEventListener('abort', stop, { once: true });
    operation(both)
      .then(resolve, reject)
      .finally(() => both.removeEventListener('abort', stop));
  });
};

const explained = (error: unknown, { speaker, signal, now }: Calls): FreshetError => {
  if (wasCancelled(signal)) return cancelled(error);
  if (error instanceof FreshetError) return error;
  const told = speaker.explain(error, now());
  if (told) return told;
  const { vendor } = speaker;
  if (isBrokenAnswer(error)) {
    return new FreshetError('source_unreachable', `${vendor} did not answer as it should, or not in time.`, {
      action: `Try again later; if it goes on, look at ${vendor}'s status page.`,
      cause: error,
    });
  }
  const status = statusOf(error);
  if (status !== null) return explainStatus({ vendor, status, cause: error }, now());
  return new FreshetError(
    'source_unreadable',
    `${vendor} answered in a way that Freshet does not understand.`,
    {
      action: 'Try again later; if it goes on, tell us, with the time of this run.',
      cause: error,
    },
  );
};

/** Where client libraries mostly put it. */
const statusOf = (error: unknown): number | null => {
  if (typeof error !== 'object' || error === null) return null;
  const { status, statusCode, response } = error as Record<string, unknown>;
  const inner =
    typeof response === 'object' && response !== null ? (response as Record<string, unknown>).status : null;
  const found = [status, statusCode, inner].find(
    (value) => typeof value === 'number' && value >= 300 && value < 600,
  );
  return typeof found === 'number' ? found : null;
};

/** 401: the token; 403 is about what this account may see, and another token changes nothing. */
const isRefusedToken = ({ code, details }: FreshetError): boolean =>
  code === 'source_unauthorized' && details.extra?.['status'] === 401;
