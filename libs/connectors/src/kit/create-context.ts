/** Puts together what a connector is given, for one check, discovery or run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defaults, FreshetError } from '@freshet/contracts';
import { calling } from './call';
import type {
  AccessTokens,
  ConnectorContext,
  ConnectorLog,
  Pacer,
  Speaker,
  Upload,
  VendorSettings,
} from './context';
import type { Page } from './connector';
import type { HttpClient } from './http/http-client';
import { retrying, type RetryOptions } from './retry';

export interface ContextOptions {
  http: HttpClient;
  signal: AbortSignal;
  now?(): Date;
  log?: ConnectorLog;
  settings?: Partial<VendorSettings>;
  /** Of the connection behind the source; null without one. */
  tokens?: AccessTokens | null;
  /** Shared by all processes; by default nobody waits. */
  pacer?: Pacer;
  archive?(page: Page): Promise<void>;
  openUpload?(uploadId: string): Promise<Upload>;
  /** Milliseconds that one call may take. */
  requestTimeout?: number;
  /** How a connector waits for work at the vendor; by default it sleeps. */
  wait?(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds before each retry and how they are waited for. A person who waits for a check gets `backoff: []`. */
  retry?: Pick<RetryOptions, 'backoff' | 'longestWait' | 'random' | 'wait'>;
}

const silent: ConnectorLog = { info: () => undefined, warn: () => undefined };

const noSettings: VendorSettings = { baseUrl: null, clientId: '', clientSecret: '', developerToken: '' };

const asleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal });

const nobodyWaits: Pacer = () => Promise.resolve(() => undefined);

const noUploads = (): Promise<Upload> =>
  Promise.reject(
    new FreshetError('source_not_found', 'The uploaded file is not there.', { action: 'Upload it again.' }),
  );

const nobody: Speaker = { vendor: 'The source', explain: () => null, pace: null };

export const createContext = (options: ContextOptions): ConnectorContext => {
  const { http, signal, log = silent, now = () => new Date(), tokens = null, pacer = nobodyWaits } = options;
  const retry = retrying({
    ...options.retry,
    signal,
    now,
    onRetry: (error, delay) => log.warn({ code: error.code, delay }, 'The source failed; trying again.'),
  });
  const requestTimeout = options.requestTimeout ?? defaults.sync.requestTimeout;
  const shared: Omit<ConnectorContext, 'call' | 'of'> = {
    settings: { ...noSettings, ...options.settings },
    hasConsent: tokens !== null,
    archive: options.archive ?? (() => Promise.resolve()),
    fetch: (url, request) => http.fetch(url, { signal, ...request }),
    addressOf: (hostname) => http.addressOf(hostname),
    retry,
    wait: (milliseconds) => (options.wait ?? asleep)(milliseconds, signal),
    maxBytes: http.maxBodyBytes,
    signal,
    now,
    log,
    openUpload: options.openUpload ?? noUploads,
  };
  const of = (speaker: Speaker): ConnectorContext => ({
    ...shared,
    call: calling({ speaker, signal, now, retry, pacer, tokens, requestTimeout }),
    of,
  });
  return of(nobody);
};
