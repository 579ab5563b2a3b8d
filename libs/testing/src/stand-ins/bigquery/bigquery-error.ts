/** Errors as BigQuery writes them (https://cloud.google.com/bigquery/docs/error-messages). */
import { Refusal, type VendorAnswer } from '../stand-in';

const httpStatus = {
  accessDenied: 403,
  authError: 401,
  backendError: 503,
  bytesBilledLimitExceeded: 400,
  duplicate: 409,
  internalError: 500,
  invalid: 400,
  invalidQuery: 400,
  jobRateLimitExceeded: 400,
  notFound: 404,
  quotaExceeded: 403,
  rateLimitExceeded: 403,
} as const;

export type BigQueryReason = keyof typeof httpStatus;

const names: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

const bodyOf = (code: number, reason: string, message: string): unknown => ({
  error: { code, message, errors: [{ message, domain: 'global', reason }], status: names[code] ?? 'UNKNOWN' },
});

export const bigQueryError = (reason: BigQueryReason, message: string): VendorAnswer => ({
  status: httpStatus[reason],
  body: bodyOf(httpStatus[reason], reason, message),
});

export const refuseAsBigQuery = (reason: BigQueryReason, message: string): never => {
  throw new Refusal(bigQueryError(reason, message));
};

/** For faults, by status alone. */
export const bigQueryErrorBody = (status: number): unknown => {
  const reasons: Record<number, string> = {
    400: 'invalid',
    401: 'authError',
    403: 'accessDenied',
    404: 'notFound',
    429: 'rateLimitExceeded',
    500: 'internalError',
    503: 'backendError',
  };
  return bodyOf(status, reasons[status] ?? 'unknown', 'The request failed.');
};
