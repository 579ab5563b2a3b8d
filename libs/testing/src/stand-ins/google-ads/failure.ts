/** Errors as the Google Ads API writes them: google.rpc.Status around a GoogleAdsFailure (google/ads/googleads/v25/errors/errors.proto). */
import { googleError, type GoogleStatus } from '../google-identity/google-error';
import { Refusal, type VendorAnswer } from '../stand-in';

export const failureType = 'type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure';

export interface AdsError {
  /** One member: the kind of error and its code, e.g. `{queryError: 'UNRECOGNIZED_FIELD'}`. */
  errorCode: Record<string, string>;
  message: string;
  location?: { fieldPathElements: { fieldName: string }[] };
  details?: {
    quotaErrorDetails: { rateScope: 'ACCOUNT' | 'DEVELOPER'; rateName: string; retryDelay?: string };
  };
}

const sentences: Partial<Record<GoogleStatus, string>> = {
  INVALID_ARGUMENT: 'Request contains an invalid argument.',
  UNAUTHENTICATED: 'Request is missing required authentication credential.',
  PERMISSION_DENIED: 'The caller does not have permission',
  RESOURCE_EXHAUSTED: 'Resource has been exhausted (e.g. check quota).',
  INTERNAL: 'Internal error encountered.',
};

let failures = 0;

/** Ids of requests look random and are told to Google's support. */
const nextRequestId = (): string => Buffer.from(`sandbox-request-${++failures}`).toString('base64url');

export const failure = (status: GoogleStatus, ...errors: AdsError[]): VendorAnswer =>
  googleError(status, sentences[status] ?? 'The service is currently unavailable.', [
    { '@type': failureType, errors, requestId: nextRequestId() },
  ]);

/** @param kind as in `errorCode`, e.g. `queryError` */
export const refuseAds = (status: GoogleStatus, kind: string, code: string, message: string): never => {
  throw new Refusal(failure(status, { errorCode: { [kind]: code }, message }));
};

export const refuseQuery = (code: string, message: string): never =>
  refuseAds('INVALID_ARGUMENT', 'queryError', code, message);

/** The API asks for patience. @param seconds null: it does not say how long */
export const quotaFailure = (
  code: 'RESOURCE_EXHAUSTED' | 'RESOURCE_TEMPORARILY_EXHAUSTED',
  rateName: string,
  seconds: number | null,
): VendorAnswer =>
  failure('RESOURCE_EXHAUSTED', {
    errorCode: { quotaError: code },
    message: `Too many requests.${seconds === null ? '' : ` Retry in ${seconds} seconds.`}`,
    details: {
      quotaErrorDetails: {
        rateScope: 'DEVELOPER',
        rateName,
        ...(seconds !== null && { retryDelay: `${seconds}s` }),
      },
    },
  });

const byStatus: Record<number, () => VendorAnswer> = {
  400: () =>
    failure('INVALID_ARGUMENT', {
      errorCode: { queryError: 'QUERY_ERROR' },
      message: 'The query is invalid.',
    }),
  401: () =>
    failure('UNAUTHENTICATED', {
      errorCode: { authenticationError: 'OAUTH_TOKEN_INVALID' },
      message: 'The OAuth access token is invalid.',
    }),
  403: () =>
    failure('PERMISSION_DENIED', {
      errorCode: { authorizationError: 'USER_PERMISSION_DENIED' },
      message: "User doesn't have permission to access customer.",
    }),
  429: () => quotaFailure('RESOURCE_TEMPORARILY_EXHAUSTED', 'Requests per account', null),
  500: () =>
    failure('INTERNAL', {
      errorCode: { internalError: 'INTERNAL_ERROR' },
      message: 'An internal error has occurred.',
    }),
};

/** What the API says with a status that a fault asks for; front ends before it say the rest in their own way. */
export const adsErrorBody = (status: number): unknown =>
  byStatus[status]?.().body ?? {
    error: { code: status, message: 'The service is currently unavailable.', status: 'UNAVAILABLE' },
  };
