/** Whether somebody stopped the work, as opposed to its time running out. */
import { FreshetError } from '@freshet/contracts';

const isTimeout = (reason: unknown): boolean =>
  typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'TimeoutError';

export const wasCancelled = (signal: AbortSignal | undefined): boolean =>
  signal !== undefined && signal.aborted && !isTimeout(signal.reason);

export const cancelled = (cause?: unknown): FreshetError =>
  new FreshetError('cancelled', 'Reading the source was cancelled.', cause === undefined ? {} : { cause });

/** Throws once the signal aborted, for whichever reason. */
export const goOn = (signal: AbortSignal): void => {
  if (wasCancelled(signal)) throw cancelled();
  if (signal.aborted) {
    throw new FreshetError('source_unreachable', 'The source took too long.', { action: 'Try again later.' });
  }
};
