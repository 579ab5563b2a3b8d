/** Waits for a condition instead of for a length of time. */
import { performance } from 'node:perf_hooks';

// Taken before a spec file can install fake timers.
const { setTimeout: realSetTimeout } = globalThis;

export interface WaitOptions {
  /** Milliseconds before giving up; 10,000 when not told. */
  timeout?: number;
  /** Longest pause between two looks, in milliseconds; 20 when not told. */
  interval?: number;
  /** Named in the error, e.g. "the run to complete". */
  what?: string;
}

/**
 * Asks the condition until it gives a truthy value and returns that. A condition that throws is asked again; its
 * last error is the cause of the failure.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeout = 10_000, interval = 20, what = 'the condition' }: WaitOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + timeout;
  let lastError: unknown;
  for (let pause = 1; ; pause = Math.min(pause * 2, interval)) {
    try {
      const value = await condition();
      if (value) return value as NonNullable<Exclude<T, false>>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) {
      const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
      throw new Error(`Waited ${timeout} ms in vain for ${what}${reason}`, { cause: lastError });
    }
    await new Promise((resolve) => realSetTimeout(resolve, pause));
  }
}
