/** What an answer's status means for the person who set up the source. */
import { FreshetError } from '@freshet/contracts';
import { retryAfter } from '../retry-after';

/** For any status from 300. 408 and 5xx are worth another try, 429 waits, everything else is final. */
export const statusError = (
  response: { status: number; url: string; headers: Record<string, string> },
  now: Date,
): FreshetError => {
  const { status, url } = response;
  const { host } = new URL(url);
  const until = retryAfter(response.headers['retry-after'], now) ?? undefined;
  switch (status) {
    case 401:
    case 403:
      return new FreshetError('source_unauthorized', `${host} does not let us read this (${status}).`, {
        action:
          'Check that the address can be opened without signing in, and that a signed link has not expired.',
      });
    case 404:
    case 410:
      return new FreshetError('source_not_found', `${host} has nothing at this address (${status}).`, {
        action: 'Check the address; the file may have been moved or removed.',
      });
    case 429:
      return new FreshetError('source_quota', `${host} asks us to slow down (429).`, {
        action: 'Nothing to do: reading goes on by itself.',
        ...(until ? { until } : {}),
      });
  }
  if (status >= 500 || status === 408) {
    return new FreshetError('source_unreachable', `${host} has a problem of its own just now (${status}).`, {
      action: 'Try again later; if it goes on, ask those who run the server.',
      ...(until ? { until } : {}),
    });
  }
  return new FreshetError('source_refused', `${host} refused the request (${status}).`, {
    action: 'Open the address in a browser to see what it says.',
  });
};
