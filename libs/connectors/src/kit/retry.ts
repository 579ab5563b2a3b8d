/** Repeats an operation by the verdict of its error: first try, then retries after 1, 2 and 4 s with jitter (spec SY6). */
import { setTimeout as sleep } from 'node:timers/promises';
import { defaults, FreshetError } from '@freshet/contracts';
import { handleWhen, retry } from 'cockatiel';
import { cancelled, wasCancelled } from './cancelled';

export interface RetryOptions {
  signal: AbortSignal;
  now(): Date;
  /** Milliseconds before each retry; their number is that of the retries. */
  backoff?: readonly number[];
  /** What is to end within this many milliseconds (`Retry-After`) is waited for here; a longer quota parks the run. */
  longestWait?: number;
  /** 0 ≤ x < 1. */
  random?(): number;
  /** Waits, or rejects when the signal aborts. */
  wait?(milliseconds: number, signal: AbortSignal): Promise<unknown>;
  onRetry?(error: FreshetError, delay: number): void;
}

export type Retry = <T>(operation: () => Promise<T>) => Promise<T>;

const half = 0.5;
const unknownQuotaEnd = 60_000;

/** Half of the delay is certain and half is chance, so that many clients don't come back together. */
const jittered = (delay: number, random: () => number): number =>
  Math.round(delay * (half + half * random()));

export const retrying = (options: RetryOptions): Retry => {
  const {
    signal,
    now,
    backoff = defaults.sync.backoff,
    longestWait = 30_000,
    random = Math.random,
  } = options;
  const wait = options.wait ?? ((milliseconds: number) => sleep(milliseconds, undefined, { signal }));

  const untilThen = (error: FreshetError): number | null =>
    error.details.until ? Math.max(0, error.details.until.getTime() - now().getTime()) : null;
  const isWorthIt = (error: unknown): boolean =>
    error instanceof FreshetError &&
    error.verdict !== 'discard' &&
    // Asking once more for the same page would give the same answer: the whole slice is read again.
    error.code !== 'source_page_expired' &&
    !signal.aborted &&
    (untilThen(error) ?? 0) <= longestWait;
  /** A quota without a known end still needs one, for the run to be parked. */
  const parked = (error: unknown): unknown =>
    error instanceof FreshetError && error.verdict === 'wait' && !error.details.until
      ? new FreshetError(error.code, error.message, {
          ...error.details,
          until: new Date(now().getTime() + unknownQuotaEnd),
          cause: error,
        })
      : error;

  return async (operation) => {
    let last: FreshetError | null = null;
    const attempt = async (number: number): Promise<Awaited<ReturnType<typeof operation>>> => {
      if (last && number > 0) {
        const delay = untilThen(last) ?? jittered(backoff[number - 1] ?? 0, random);
        options.onRetry?.(last, delay);
        await wait(delay, signal);
      }
      try {
        return await operation();
      } catch (error) {
        last = error instanceof FreshetError ? error : null;
        throw error;
      }
    };
    const policy = retry(handleWhen(isWorthIt), { maxAttempts: backoff.length });
    try {
      return await policy.execute((context) => attempt(context.attempt), signal);
    } catch (error) {
      if (wasCancelled(signal)) throw cancelled(error);
      throw parked(error);
    }
  };
};
