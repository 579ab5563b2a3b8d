/** Ad Manager's refusals as sentences that say what to do. */
import { FreshetError, type ProblemCode } from '@freshet/contracts';
import { explainStatus } from '../kit/explain';
import { AdManagerRefusal } from './google-fetch';

const vendor = 'Google Ad Manager';

interface Told {
  code: ProblemCode;
  sentence: string;
  action: string;
}

const expired: Told = {
  code: 'source_page_expired',
  sentence: `${vendor} forgot where we were in its report.`,
  action: 'Nothing to do: these days are read again.',
};

/** By `reason` of google.rpc.ErrorInfo. */
const reasons: Record<string, Told> = {
  EXPIRED_PAGE_TOKEN: expired,
  INVALID_PAGE_TOKEN: expired,
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: {
    code: 'source_unauthorized',
    sentence: `The connected Google account did not allow Freshet to read ${vendor}.`,
    action: 'Reconnect it and leave the box for Ad Manager ticked.',
  },
  NETWORK_API_ACCESS_DISABLED: {
    code: 'source_unauthorized',
    sentence: 'API access is turned off for this Ad Manager network.',
    action:
      'Ask its administrator to turn it on under Admin › Global settings › API access, then sync again.',
  },
  NETWORK_NOT_ACCESSIBLE: {
    code: 'source_unauthorized',
    sentence: 'The connected Google account may not read this Ad Manager network.',
    action: 'Choose another network, or reconnect with an account that is a user of this one.',
  },
  SERVICE_DISABLED: {
    code: 'source_unauthorized',
    sentence: 'The Ad Manager API is not enabled in the Google Cloud project of this installation.',
    action: 'Ask whoever runs Freshet to enable “Google Ad Manager API” there.',
  },
};

const isPageToken = ({ status, message }: AdManagerRefusal): boolean =>
  status === 400 && /page[_ ]token/i.test(message);

export const explain = (error: unknown, now: Date): FreshetError | null => {
  if (!(error instanceof AdManagerRefusal)) return null;
  const { status, headers, message, reason, retryDelay } = error;
  const told = reasons[reason ?? ''] ?? (isPageToken(error) ? expired : undefined);
  if (told) {
    return new FreshetError(told.code, told.sentence, {
      action: told.action,
      cause: error,
      extra: { status },
    });
  }
  const usual = explainStatus({ vendor, status, headers, message, cause: error }, now);
  if (status !== 429 || usual.details.until || retryDelay === null) return usual;
  const until = new Date(now.getTime() + retryDelay);
  return new FreshetError(usual.code, usual.message, { ...usual.details, until });
};
