/** What Klaviyo's refusals mean: JSON:API errors inside the client library's (axios') errors. */
import { FreshetError } from '@freshet/contracts';
import { explainStatus } from '../kit/explain';

interface Refused {
  status: number;
  headers: Record<string, string | undefined>;
  data: unknown;
}

interface KlaviyoError {
  detail?: string;
  source?: { parameter?: string; pointer?: string };
}

const answerOf = (error: unknown): Refused | null => {
  if (!(error instanceof Error) || !('response' in error)) return null;
  const { response } = error as { response?: Partial<Refused> };
  return typeof response?.status === 'number'
    ? { status: response.status, headers: response.headers ?? {}, data: response.data }
    : null;
};

const firstOf = (data: unknown): KlaviyoError => {
  const errors = typeof data === 'object' && data !== null ? (data as { errors?: unknown }).errors : null;
  return Array.isArray(errors) ? ((errors[0] ?? {}) as KlaviyoError) : {};
};

/** Null when there was no answer: then the kit looks at the network's part. */
export const explain = (error: unknown, now: Date): FreshetError | null => {
  const answer = answerOf(error);
  if (!answer) return null;
  const { status, headers, data } = answer;
  const { detail, source } = firstOf(data);
  if (status === 400 && /cursor/i.test(`${source?.parameter ?? ''} ${detail ?? ''}`)) {
    return new FreshetError('source_page_expired', 'Klaviyo forgot where we were in its pages.', {
      action: 'Nothing to do: this part is read again from its beginning.',
      cause: error,
    });
  }
  if (status === 403 && detail && /scope|permission/i.test(detail)) {
    return new FreshetError(
      'source_unauthorized',
      `The API key may not read this in Klaviyo. It says: ${detail}`,
      {
        action: 'Make a private key with read access to everything (Settings → API keys) and enter it here.',
        cause: error,
        extra: { status },
      },
    );
  }
  return explainStatus(
    { vendor: 'Klaviyo', status, headers, ...(detail !== undefined && { message: detail }), cause: error },
    now,
  );
};
