/** What went wrong with a request to Google Ads, in the vendor's codes: from an answer's body, or as its client library throws it. */

/** One error of a GoogleAdsFailure. */
export interface AdsError {
  /** Such as `quotaError`. */
  kind: string;
  /** Such as `RESOURCE_EXHAUSTED`. */
  code: string;
  message: string;
  /** Seconds that the vendor asks us to wait. */
  retryDelay: number | null;
}

/**
 * An answer that is an error, or no answer to what was asked. Thrown before the client library reads it, since the library loses status
 * and headers, and on pages of HTML even the error itself.
 */
export class AdsFault extends Error {
  constructor(
    readonly status: number,
    readonly headers: Record<string, string | undefined>,
    /** Parsed, or text where it is no JSON. */
    readonly body: unknown,
  ) {
    super(`Google Ads answered with ${status}.`);
    this.name = 'AdsFault';
  }
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The error within a body: `{error}`, or an array with such an element, as of a stream that broke off. */
export const errorWithin = (body: unknown): Fields | null => {
  const parts: unknown[] = Array.isArray(body) ? body : [body];
  const found = parts.find((part) => isFields(part) && isFields(part['error']));
  return isFields(found) && isFields(found['error']) ? found['error'] : null;
};

/** A protobuf duration in JSON, `7200s`, or as the library's message. */
const secondsOf = (value: unknown): number | null => {
  if (typeof value === 'string') return /^\d+(\.\d+)?s$/.test(value) ? Number(value.slice(0, -1)) : null;
  return isFields(value) && value['seconds'] !== undefined ? Number(value['seconds']) : null;
};

/** The library writes names with underscores where it has decoded them. */
const member = (fields: unknown, camel: string): unknown =>
  isFields(fields)
    ? (fields[camel] ?? fields[camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)])
    : null;

const errorOf = (value: unknown): AdsError | null => {
  const codes = member(value, 'errorCode');
  const [kind, code] = isFields(codes) ? (Object.entries(codes)[0] ?? []) : [];
  if (kind === undefined || code === undefined) return null;
  const delay = member(member(member(value, 'details'), 'quotaErrorDetails'), 'retryDelay');
  return {
    kind,
    code: String(code),
    message: String(member(value, 'message') ?? ''),
    retryDelay: secondsOf(delay),
  };
};

const errorsOf = (failure: unknown): AdsError[] => {
  const errors = member(failure, 'errors');
  return Array.isArray(errors) ? errors.map(errorOf).filter((error) => error !== null) : [];
};

export interface Told {
  /** HTTP status; null where it is not known. */
  status: number | null;
  headers: Record<string, string | undefined>;
  errors: AdsError[];
  /** Of a google.rpc.ErrorInfo, such as `ACCESS_TOKEN_SCOPE_INSUFFICIENT`. */
  reason: string;
  message: string;
}

/** Null for what is no error of Google Ads, such as one of the network. `GoogleAdsFailure` is not an instance of Error. */
export const toldBy = (error: unknown): Told | null => {
  if (!(error instanceof AdsFault)) {
    const errors = errorsOf(error);
    const message = errors[0]?.message ?? '';
    return errors.length === 0 ? null : { status: null, headers: {}, errors, reason: '', message };
  }
  const within = errorWithin(error.body);
  const details = Array.isArray(within?.['details']) ? (within['details'] as unknown[]) : [];
  const errors = details.flatMap(errorsOf);
  const reason = details.map((detail) => member(detail, 'reason')).find((value) => typeof value === 'string');
  return {
    status: error.status,
    headers: error.headers,
    errors,
    reason: typeof reason === 'string' ? reason : '',
    message: errors[0]?.message ?? String(within?.['message'] ?? ''),
  };
};
