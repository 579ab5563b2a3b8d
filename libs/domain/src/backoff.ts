/** How long to wait after a failure. */

/**
 * Milliseconds to wait after the `failures`-th failure in a row (1 is the first). Beyond the end of the list its last
 * entry holds; an empty list means no waiting.
 */
export function backoffAfter(failures: number, backoff: readonly number[]): number {
  if (failures < 1) return 0;
  return backoff[Math.min(failures, backoff.length) - 1] ?? 0;
}
