/** Errors as Google's JSON APIs write them (google.rpc.Status, https://cloud.google.com/apis/design/errors). */
import { Refusal, type VendorAnswer } from '../stand-in';

export type GoogleStatus =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'RESOURCE_EXHAUSTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED';

const httpStatus: Record<GoogleStatus, number> = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

export interface ErrorInfo {
  reason: string;
  service?: string;
}

const infoOf = ({ reason, service }: ErrorInfo): unknown => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  ...(service !== undefined && { metadata: { service } }),
});

/** @param details further google.rpc messages, each with its `@type` */
export const googleError = (
  status: GoogleStatus,
  message: string,
  details: readonly unknown[] = [],
): VendorAnswer => ({
  status: httpStatus[status],
  body: {
    error: { code: httpStatus[status], message, status, ...(details.length > 0 && { details }) },
  },
});

export const refuseAsGoogle = (status: GoogleStatus, message: string, info?: ErrorInfo): never => {
  throw new Refusal(googleError(status, message, info ? [infoOf(info)] : []));
};

/** What a Google front end says about an HTTP status without asking the API, for faults. */
export const googleErrorBody = (status: number): unknown => {
  const [name = 'UNKNOWN'] = Object.entries(httpStatus).find(([, code]) => code === status) ?? [];
  const said: Record<number, string> = {
    401: 'Request had invalid authentication credentials.',
    403: 'The caller does not have permission',
    404: 'Requested entity was not found.',
    429: 'Resource has been exhausted (e.g. check quota).',
    500: 'Internal error encountered.',
    503: 'The service is currently unavailable.',
  };
  return { error: { code: status, message: said[status] ?? 'Request failed.', status: name } };
};
