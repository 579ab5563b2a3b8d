/** What Meta's refusals mean, by its own codes: https://developers.facebook.com/docs/marketing-api/error-reference. */
import { FreshetError } from '@freshet/contracts';
import { explainStatus } from '../kit/explain';
import { retryAfter } from '../kit/retry-after';
import { minutesToRegain } from './usage';

interface GraphError {
  code?: number;
  error_subcode?: number;
  message?: string;
  error_user_msg?: string;
  is_transient?: boolean;
}

interface RequestError {
  status: number | null;
  /** Null when there was no answer. */
  response: GraphError | null;
  headers: Record<string, string> | null;
}

const requestErrorOf = (error: unknown): RequestError | null =>
  error instanceof Error && error.name === 'FacebookRequestError' ? (error as unknown as RequestError) : null;

const isThrottle = (code: number): boolean =>
  [4, 17, 32, 613, 80_008].includes(code) || (code >= 80_000 && code <= 80_006);

const isPermission = (code: number): boolean => code === 10 || (code >= 200 && code <= 299);

const nothingToDo = 'Nothing to do: reading goes on by itself.';

/** Null when the kit can tell as well. */
export const explain = (error: unknown, now: Date): FreshetError | null => {
  const refused = requestErrorOf(error);
  if (!refused) return null;
  const { status, response, headers } = refused;
  const told = (
    code: ConstructorParameters<typeof FreshetError>[0],
    sentence: string,
    action: string,
    extra = {},
  ): FreshetError => new FreshetError(code, sentence, { action, cause: error, ...extra });
  // The library forgets what happened when no answer, or none that is JSON, has come.
  if (status === null || response === null) {
    return told(
      'source_unreachable',
      'Meta did not answer as it should, or not in time.',
      'Try again later; if it goes on, look at metastatus.com.',
    );
  }
  const { code = 0, error_subcode: subcode = 0, is_transient: isTransient = false } = response;
  const says = response.error_user_msg ?? response.message ?? '';
  const words = says ? ` It says: ${says.slice(0, 300)}` : '';
  if (/reduce the amount of data/i.test(says)) {
    return told(
      'source_slice_too_large',
      'Meta cannot give so much data at once.',
      'Nothing to do: less is asked for at a time.',
    );
  }
  if (isThrottle(code) || status === 429) {
    const minutes = minutesToRegain(headers ?? {});
    const until =
      minutes > 0 ? new Date(now.getTime() + minutes * 60_000) : retryAfter(headers?.['retry-after'], now);
    return told('source_quota', `Meta asks us to slow down (${code}).`, nothingToDo, until ? { until } : {});
  }
  if (code === 190 || code === 102) {
    return told(
      'source_unauthorized',
      `Meta no longer accepts our access.${words}`,
      'Reconnect the account.',
      { extra: { status: 401 } },
    );
  }
  if (code === 2 || code === 104 || subcode === 99 || isTransient || status >= 500) {
    return told(
      'source_unreachable',
      `Meta has a problem of its own just now (${code}).`,
      'Try again later.',
    );
  }
  if (isPermission(code)) {
    const action = 'Reconnect with a person who may see this ad account, and leave every box ticked.';
    return told('source_unauthorized', `Meta does not let us read this ad account.${words}`, action, {
      extra: { status: 403 },
    });
  }
  if (code === 100 && subcode === 33) {
    return told(
      'source_not_found',
      'Meta has no such ad account for this person.',
      'Choose the ad account again in the source’s settings.',
    );
  }
  if (code === 100 && /cursor/i.test(says)) {
    return told(
      'source_page_expired',
      'Meta forgot where we were in its pages.',
      'Nothing to do: this part is read again.',
    );
  }
  if (code === 3_018) {
    return told(
      'source_refused',
      'Meta keeps insights for 37 months only.',
      'Choose days within the last 37 months.',
    );
  }
  return explainStatus({ vendor: 'Meta', status, headers: headers ?? {}, message: says, cause: error }, now);
};
