/** Google Ads' error codes in words for people (https://developers.google.com/google-ads/api/docs/common-errors). */
import { FreshetError, type ProblemCode } from '@freshet/contracts';
import { explainStatus } from '../kit/explain';
import { retryAfter } from '../kit/retry-after';
import { toldBy, type AdsError, type Told } from './ads-fault';

interface Words {
  code: ProblemCode;
  sentence: string;
  action: string;
}

const words = (code: ProblemCode, sentence: string, action: string): Words => ({ code, sentence, action });

const alone = 'Nothing to do: reading goes on by itself.';
const reconnect = 'Reconnect the source.';
const again = 'Choose the account again in the source’s settings.';
const operator = 'Ask whoever runs this Freshet to put the developer token right in Google Ads’ API Center.';
const tellUs = 'Update Freshet; if that does not help, tell us, with the time of this run.';

const refusedToken = words(
  'source_unauthorized',
  'Google does not take the access token any more.',
  reconnect,
);
const revoked = words('source_unauthorized', 'Access to Google Ads was revoked.', reconnect);
const developerToken = words(
  'source_unauthorized',
  'Google Ads does not accept this installation’s developer token.',
  operator,
);
const noPermission = words(
  'source_unauthorized',
  'The connected Google account may not see this Google Ads account.',
  'Choose the account again, through its manager account, or reconnect with another Google account.',
);
const noAccount = words('source_not_found', 'Google Ads has no account with this ID.', again);
const inTrouble = words(
  'source_unreachable',
  'Google Ads has a problem of its own just now.',
  'Try again later.',
);
const outOfTokens = words(
  'source_page_expired',
  'Google Ads forgot where we were in its answer.',
  'Nothing to do: these days are read again.',
);
const tooMuch = words('source_quota', 'Google Ads asks us to slow down.', alone);

/** By `kind.code`. */
const told: Record<string, Words> = {
  'authenticationError.OAUTH_TOKEN_INVALID': refusedToken,
  'authenticationError.OAUTH_TOKEN_EXPIRED': refusedToken,
  'authenticationError.OAUTH_TOKEN_HEADER_INVALID': refusedToken,
  'authenticationError.OAUTH_TOKEN_REVOKED': revoked,
  'authenticationError.OAUTH_TOKEN_DISABLED': revoked,
  'authenticationError.GOOGLE_ACCOUNT_DELETED': revoked,
  'authenticationError.NOT_ADS_USER': words(
    'source_unauthorized',
    'The connected Google account has no access to any Google Ads account.',
    'Reconnect with a Google account that was given access in Google Ads.',
  ),
  'authenticationError.TWO_STEP_VERIFICATION_NOT_ENROLLED': words(
    'source_unauthorized',
    'Google Ads wants the connected Google account to use 2-step verification.',
    'Turn on 2-step verification for that Google account, then reconnect the source.',
  ),
  'authenticationError.DEVELOPER_TOKEN_INVALID': developerToken,
  'authenticationError.CUSTOMER_NOT_FOUND': noAccount,
  'authenticationError.CLIENT_CUSTOMER_ID_INVALID': noAccount,
  'authorizationError.USER_PERMISSION_DENIED': noPermission,
  'authorizationError.ACTION_NOT_PERMITTED': noPermission,
  'authorizationError.INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION': words(
    'source_unauthorized',
    'The account is not below the manager account that is set.',
    again,
  ),
  'authorizationError.CUSTOMER_NOT_ENABLED': words(
    'source_not_found',
    'The Google Ads account is closed, or was never set up.',
    'Open it in Google Ads, or choose another one in the source’s settings.',
  ),
  'authorizationError.DEVELOPER_TOKEN_NOT_APPROVED': words(
    'source_unauthorized',
    'This installation’s developer token may read test accounts only.',
    operator,
  ),
  'authorizationError.DEVELOPER_TOKEN_PROHIBITED': developerToken,
  'authorizationError.DEVELOPER_TOKEN_NOT_ON_ALLOWLIST': developerToken,
  'authorizationError.PROJECT_DISABLED': developerToken,
  'authorizationError.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION': developerToken,
  'authorizationError.MISSING_TOS': words(
    'source_unauthorized',
    'The terms of service of Google Ads have not been accepted for this account.',
    'Sign in to Google Ads, accept them, and sync again.',
  ),
  'requestError.DEVELOPER_TOKEN_PARAMETER_MISSING': developerToken,
  'requestError.EXPIRED_PAGE_TOKEN': outOfTokens,
  'requestError.INVALID_PAGE_TOKEN': outOfTokens,
  'requestError.INVALID_CUSTOMER_ID': noAccount,
  'requestError.UNSUPPORTED_VERSION': words(
    'source_refused',
    'Google has ended the version of its API that this Freshet speaks.',
    'Update Freshet.',
  ),
  'headerError.INVALID_LOGIN_CUSTOMER_ID': noAccount,
  'queryError.REQUESTED_METRICS_FOR_MANAGER': words(
    'source_refused',
    'A manager account has no numbers of its own.',
    'Choose one of the accounts below it in the source’s settings.',
  ),
  'queryError.DATE_RANGE_TOO_WIDE': words(
    'source_slice_too_large',
    'Google Ads gives fewer days at once.',
    alone,
  ),
  'quotaError.RESOURCE_EXHAUSTED': words(
    'source_quota',
    'The developer token’s operations at Google Ads are used up for now.',
    'Nothing to do: reading goes on by itself. A higher access level in Google Ads’ API Center allows more a day.',
  ),
  'quotaError.RESOURCE_TEMPORARILY_EXHAUSTED': tooMuch,
  'quotaError.EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION': tooMuch,
  'quotaError.EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION': tooMuch,
  'quotaError.ACCESS_PROHIBITED': developerToken,
  'internalError.INTERNAL_ERROR': inTrouble,
  'internalError.TRANSIENT_ERROR': inTrouble,
  'internalError.DEADLINE_EXCEEDED': inTrouble,
};

/** Of those that name no end: daily operations, and long consumption, free up over hours. */
const hour = 3_600_000;
const lastsLong = ['RESOURCE_EXHAUSTED', 'EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION'];

const endOf = ({ code, retryDelay }: AdsError, { headers }: Told, now: Date): Date | undefined => {
  const said = retryAfter(headers['retry-after'], now);
  if (said) return said;
  if (retryDelay !== null) return new Date(now.getTime() + retryDelay * 1_000);
  return lastsLong.includes(code) ? new Date(now.getTime() + hour) : undefined;
};

const inScopes = words(
  'source_unauthorized',
  'The consent does not include Google Ads.',
  'Reconnect the source, and leave Google Ads ticked on Google’s page.',
);

/** The vendor's code of an error that `explainAds` told, or ''. */
export const adsCodeOf = ({ details }: FreshetError): string => String(details.extra?.['adsCode'] ?? '');

/** Null for what only the kit can explain. */
export const explainAds = (error: unknown, now: Date): FreshetError | null => {
  const fault = toldBy(error);
  if (!fault) return null;
  const { status, headers, errors, reason, message } = fault;
  const make = ({ code, sentence, action }: Words, first?: AdsError): FreshetError => {
    const until = first && code === 'source_quota' ? endOf(first, fault, now) : undefined;
    // Only an old token is worth another one: the kit looks for a 401.
    const shown =
      code === 'source_unauthorized' && first && told[keyOf(first)] !== refusedToken ? null : status;
    const extra = { status: shown, ...(first && { adsCode: first.code }) };
    return new FreshetError(code, sentence, { action, cause: error, extra, ...(until && { until }) });
  };
  const known = errors.find((each) => told[keyOf(each)]);
  if (known) return make(told[keyOf(known)] ?? inTrouble, known);
  if (reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT') return make(inScopes);
  const [first] = errors;
  if (first && (status === null || status < 500))
    return make(
      words('source_refused', `Google Ads refused the request (${first.code}): ${first.message}`, tellUs),
      first,
    );
  // A proxy's page, or JSON that stops in the middle: no answer at all.
  if (status === null || status < 300)
    return make(
      words('source_unreachable', 'Google Ads sent something that is no answer.', 'Try again later.'),
    );
  return explainStatus({ vendor: 'Google Ads', status, headers, message, cause: error }, now);
};

const keyOf = ({ kind, code }: AdsError): string =>
  `${kind.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}.${code}`;
