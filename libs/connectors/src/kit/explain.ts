/** What a failed call to a vendor means, where the vendor's own words don't say: the network, the status, the shape of the answer. */
import { FreshetError } from '@freshet/contracts';
import { retryAfter } from './retry-after';

/** The parts of a library's error that tell something; each connector finds them where its library puts them. */
export interface VendorFault {
  /** As people call it, e.g. `Klaviyo`. */
  vendor: string;
  /** HTTP status, or null when there was no answer. */
  status: number | null;
  /** Lower-case names. */
  headers?: Record<string, string | undefined>;
  /** The vendor's own sentence, if any. */
  message?: string;
  cause: unknown;
}

const reconnect = 'Reconnect the source, with an account that may read this data.';
const nothingToDo = 'Nothing to do: reading goes on by itself.';

const says = ({ message }: VendorFault): string =>
  message ? ` It says: ${message.trim().slice(0, 300)}` : '';

/** By the status alone; connectors look at the vendor's own codes first. */
export const explainStatus = (fault: VendorFault, now: Date): FreshetError => {
  const { vendor, status, cause } = fault;
  const until = retryAfter(fault.headers?.['retry-after'], now) ?? undefined;
  const error = (
    code: ConstructorParameters<typeof FreshetError>[0],
    sentence: string,
    action: string,
  ): FreshetError =>
    new FreshetError(code, sentence, { action, cause, ...(until && { until }), extra: { status } });
  if (status === null) {
    return error('source_unreachable', `${vendor} could not be reached.${says(fault)}`, 'Try again later.');
  }
  switch (status) {
    case 401:
      return error(
        'source_unauthorized',
        `${vendor} does not accept the credentials (401).${says(fault)}`,
        reconnect,
      );
    case 403:
      return error(
        'source_unauthorized',
        `${vendor} does not let us read this (403).${says(fault)}`,
        reconnect,
      );
    case 404:
    case 410:
      return error(
        'source_not_found',
        `${vendor} has nothing there (${status}).${says(fault)}`,
        'Check what the source is set to read.',
      );
    case 429:
      return error('source_quota', `${vendor} asks us to slow down (429).${says(fault)}`, nothingToDo);
  }
  if (status >= 500 || status === 408) {
    return error(
      'source_unreachable',
      `${vendor} has a problem of its own just now (${status}).`,
      'Try again later.',
    );
  }
  return error(
    'source_refused',
    `${vendor} refused the request (${status}).${says(fault)}`,
    'Check the settings of the source.',
  );
};

const networkCodes =
  /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|UND_ERR|ERR_STREAM_PREMATURE_CLOSE|ERR_BAD_RESPONSE|Z_|ERR_CONTENT|ABORT_ERR|ERR_CANCELED)/;
const networkWords =
  /premature close|socket hang up|other side closed|terminated|aborted|timed? ?out|incorrect header check|unexpected end|fetch failed|network error/i;

/** Libraries throw what is no Error of this realm (DOMException), so it is read by its shape. */
const partsOf = (error: unknown): { code: string; name: string; message: string; cause: unknown } | null => {
  if (typeof error !== 'object' || error === null || !('message' in error)) return null;
  const { code, name, message, cause } = error as Record<string, unknown>;
  return { code: String(code ?? ''), name: String(name), message: String(message), cause };
};

/** Whether no whole answer arrived: no connection, a cut, a hang, a broken encoding, JSON or a web page that stops in the middle. */
export const isBrokenAnswer = (error: unknown): boolean => {
  let at = partsOf(error);
  for (let depth = 0; at && depth < 5; at = partsOf(at.cause), depth++) {
    if (networkCodes.test(at.code) || networkWords.test(at.message)) return true;
    if (['SyntaxError', 'TimeoutError', 'AbortError'].includes(at.name)) return true;
  }
  return false;
};
