/** Puts together what a connector is given, for one check, discovery or run. */
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext, ConnectorLog, Upload } from './context';
import type { HttpClient } from './http/http-client';
import { retrying, type RetryOptions } from './retry';

export interface ContextOptions {
  http: HttpClient;
  signal: AbortSignal;
  now?(): Date;
  log?: ConnectorLog;
  openUpload?(uploadId: string): Promise<Upload>;
  /** Milliseconds before each retry and how they are waited for. A person who waits for a check gets `backoff: []`. */
  retry?: Pick<RetryOptions, 'backoff' | 'longestWait' | 'random' | 'wait'>;
}

const silent: ConnectorLog = { info: () => undefined, warn: () => undefined };

const noUploads = (): Promise<Upload> =>
  Promise.reject(
    new FreshetError('source_not_found', 'The uploaded file is not there.', { action: 'Upload it again.' }),
  );

export const createContext = (options: ContextOptions): ConnectorContext => {
  const { http, signal, log = silent, now = () => new Date() } = options;
  return {
    fetch: (url, request) => http.fetch(url, { signal, ...request }),
    retry: retrying({
      ...options.retry,
      signal,
      now,
      onRetry: (error, delay) => log.warn({ code: error.code, delay }, 'The source failed; trying again.'),
    }),
    maxBytes: http.maxBodyBytes,
    signal,
    now,
    log,
    openUpload: options.openUpload ?? noUploads,
  };
};
