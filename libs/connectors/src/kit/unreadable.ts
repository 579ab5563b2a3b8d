/** The error for data that can't be understood. */
import { FreshetError } from '@freshet/contracts';

export const unreadable = (message: string, action: string, cause?: unknown): FreshetError =>
  new FreshetError('source_unreadable', message, { action, ...(cause === undefined ? {} : { cause }) });
