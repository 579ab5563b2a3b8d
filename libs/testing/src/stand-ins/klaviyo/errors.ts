/** Klaviyo's refusals: JSON:API error documents as its API writes them. */
import { Refusal } from '../stand-in';

export interface ErrorSource {
  parameter?: string;
  pointer?: string;
}

const titles: Record<number, [code: string, title: string, detail: string]> = {
  400: ['invalid', 'Invalid input.', 'The request is not valid.'],
  401: [
    'authentication_failed',
    'Incorrect authentication credentials.',
    'Incorrect authentication credentials.',
  ],
  403: [
    'permission_denied',
    'You do not have permission to perform this action.',
    'You do not have permission to perform this action.',
  ],
  404: ['not_found', 'Not found.', 'A resource with this address does not exist.'],
  405: ['method_not_allowed', 'Method not allowed.', 'This method is not allowed for this endpoint.'],
  429: ['throttled', 'Request was throttled.', 'Request was throttled. Expected available in 1 second.'],
  500: ['error', 'A server error occurred.', 'An error occurred.'],
  503: ['service_unavailable', 'Service unavailable.', 'The service is temporarily unavailable.'],
};

const errorId = '5a7c1c64-3c8a-4c59-9d4b-6d9f6f0f8a11';

export const errorBody = (status: number, detail?: string, source: ErrorSource = {}): unknown => {
  const [code, title, usual] = titles[status] ?? ['error', 'An error occurred.', 'An error occurred.'];
  return {
    errors: [{ id: errorId, status, code, title, detail: detail ?? usual, source, links: {}, meta: {} }],
  };
};

export const refuse = (
  status: number,
  detail?: string,
  source: ErrorSource = {},
  headers: Record<string, string> = {},
): Refusal =>
  new Refusal({
    status,
    body: errorBody(status, detail, source),
    headers: { 'content-type': 'application/vnd.api+json', ...headers },
  });

export const badParameter = (parameter: string, detail: string): Refusal =>
  refuse(400, detail, { parameter });

export const badField = (pointer: string, detail: string): Refusal => refuse(400, detail, { pointer });
