/** Turns what a connection can fail with into a sentence for the person who typed the address. */
import { FreshetError } from '@freshet/contracts';
import { cancelled, wasCancelled } from '../cancelled';

/** What is thrown down there is not always an Error of ours, so it is read by its shape. */
interface Failure {
  name?: unknown;
  code?: unknown;
  cause?: unknown;
  /** Of an AggregateError: one for each address that was tried. */
  errors?: unknown[];
}

const asFailure = (error: unknown): Failure => (typeof error === 'object' && error !== null ? error : {});

const codeOf = (error: unknown): string => {
  let current = asFailure(error);
  for (let depth = 0; depth < 4; depth++) {
    if (typeof current.code === 'string') return current.code;
    current = asFailure(current.cause);
  }
  return '';
};

const unreachable = (message: string, action: string, cause: unknown): FreshetError =>
  new FreshetError('source_unreachable', message, { action, cause });

const tryLater = 'Check that the server is up, then try again.';

/** `cancelled` when `signal` aborted; `source_unreadable` for broken compression; else `source_unreachable`. */
export const connectionError = (error: unknown, host: string, signal?: AbortSignal): FreshetError => {
  if (error instanceof FreshetError) return error;
  if (wasCancelled(signal)) return cancelled(error);
  const cause = asFailure(error).errors?.[0] ?? error;
  if (cause instanceof FreshetError) return cause;
  if (asFailure(error).name === 'TimeoutError') {
    return unreachable(`${host} took too long.`, tryLater, error);
  }
  const code = codeOf(cause);
  switch (code) {
    case 'ENOTFOUND':
      return unreachable(`No host is called ${host}.`, 'Check the spelling of the address.', error);
    case 'EAI_AGAIN':
      return unreachable(`The name ${host} could not be looked up just now.`, tryLater, error);
    case 'ECONNREFUSED':
      return unreachable(
        `${host} refused the connection.`,
        'Check the port, and that the server is up.',
        error,
      );
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return unreachable(`${host} could not be connected to in time.`, tryLater, error);
    case 'UND_ERR_HEADERS_TIMEOUT':
      return unreachable(`${host} did not answer in time.`, tryLater, error);
    case 'UND_ERR_BODY_TIMEOUT':
      return unreachable(`${host} stopped sending in the middle of its answer.`, tryLater, error);
    case 'Z_BUF_ERROR':
    case 'ERR_BROTLI_DECODER_ERROR_UNEXPECTED_END':
      return unreachable(`The compressed answer of ${host} ended too early.`, tryLater, error);
    case 'Z_DATA_ERROR':
      return new FreshetError('source_unreadable', `The compressed answer of ${host} is damaged.`, {
        action: 'Check that the file opens when downloaded by hand.',
        cause: error,
      });
  }
  if (/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO)/.test(code)) {
    return unreachable(
      `The secure connection to ${host} failed (${code}).`,
      "Check the server's certificate.",
      error,
    );
  }
  return unreachable(`The connection to ${host} broke off.`, tryLater, error);
};
