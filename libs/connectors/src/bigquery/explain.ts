/** BigQuery's errors, which it tells by `reason`, as sentences that say what to do. */
import { FreshetError, type ProblemCode } from '@freshet/contracts';
import { explainStatus } from '../kit/explain';

const vendor = 'BigQuery';

interface Told {
  code: ProblemCode;
  sentence: string;
  action: string;
}

const later = 'Try again later.';
const nothing = 'Nothing to do: reading goes on by itself.';

/** https://cloud.google.com/bigquery/docs/error-messages */
const reasons: Readonly<Record<string, Told>> = {
  accessDenied: {
    code: 'source_unauthorized',
    sentence: 'BigQuery does not let this account read that.',
    action:
      'Give it the roles BigQuery Job User on the project and BigQuery Data Viewer on the dataset, then sync again.',
  },
  invalidQuery: {
    code: 'source_refused',
    sentence: 'BigQuery can’t run the query.',
    action: 'Correct it in the source’s settings.',
  },
  notFound: {
    code: 'source_not_found',
    sentence: 'BigQuery has no such table, dataset or project.',
    action: 'Check the names, and the location, in the source’s settings.',
  },
  rateLimitExceeded: { code: 'source_quota', sentence: 'BigQuery asks us to slow down.', action: nothing },
  jobRateLimitExceeded: {
    code: 'source_quota',
    sentence: 'BigQuery has no room for another query just now.',
    action: nothing,
  },
  quotaExceeded: {
    code: 'source_quota',
    sentence: 'A quota of the Google Cloud project is used up.',
    action: 'Wait, or ask whoever runs the project to raise it; reading goes on by itself.',
  },
  backendError: {
    code: 'source_unreachable',
    sentence: 'BigQuery has a problem of its own just now.',
    action: later,
  },
  internalError: {
    code: 'source_unreachable',
    sentence: 'BigQuery has a problem of its own just now.',
    action: later,
  },
  jobBackendError: {
    code: 'source_unreachable',
    sentence: 'BigQuery did not finish the query.',
    action: later,
  },
  jobInternalError: {
    code: 'source_unreachable',
    sentence: 'BigQuery did not finish the query.',
    action: later,
  },
  stopped: {
    code: 'source_changed',
    sentence: 'Somebody stopped the query in BigQuery.',
    action: 'Nothing to do: it is run again.',
  },
  billingNotEnabled: {
    code: 'source_refused',
    sentence: 'Billing is not enabled for the Google Cloud project.',
    action: 'Enable it, or choose another project to run queries in.',
  },
  bytesBilledLimitExceeded: {
    code: 'source_refused',
    sentence: 'The query would read more than the project allows to be billed.',
    action: 'Read fewer columns, or choose a cursor on a partitioned column.',
  },
  resourcesExceeded: {
    code: 'source_refused',
    sentence: 'The query is too large to be sorted by its cursor.',
    action: 'Read fewer columns, or a part of the table by a query.',
  },
  responseTooLarge: {
    code: 'source_refused',
    sentence: 'The query’s result is too large.',
    action: 'Read fewer columns, or a part of the table by a query.',
  },
};

const expired: Told = {
  code: 'source_page_expired',
  sentence: 'BigQuery forgot where we were in a query’s results.',
  action: 'Nothing to do: they are read again.',
};

/** As the client library throws it (`ApiError` of @google-cloud/common, or gaxios’ when it signs in). */
interface ThrownError {
  code?: unknown;
  message?: unknown;
  errors?: { reason?: unknown; message?: unknown }[];
  response?: {
    headers?: Record<string, string> | Headers;
    status?: unknown;
    data?: { error?: unknown; error_description?: unknown };
  };
}

const headersOf = (headers: Record<string, string> | Headers | undefined): Record<string, string> =>
  headers instanceof Headers ? Object.fromEntries(headers) : { ...headers };

const isJob = (message: string): boolean => /page ?token/i.test(message) || /Not found: Job/i.test(message);

export const explain = (error: unknown, now: Date): FreshetError | null => {
  if (!(error instanceof Error)) return null;
  const { code, errors, response } = error as ThrownError;
  const grant = response?.data?.error;
  if (typeof grant === 'string')
    return explainGrant(grant, String(response?.data?.error_description ?? ''), error);
  const status = typeof code === 'number' ? code : null;
  const first = errors?.[0];
  const reason = typeof first?.reason === 'string' ? first.reason : '';
  const message = typeof first?.message === 'string' ? first.message : error.message;
  if (status === null && reason === '') return null;
  if (isJob(message)) return told(expired, '', { status, reason }, error);
  const usual = explainStatus(
    { vendor, status, headers: headersOf(response?.headers), message, cause: error },
    now,
  );
  // A server in trouble, and waiting times that it names, are told by their status.
  const known = status === 429 || status === 401 ? undefined : reasons[reason];
  if (known) return told(known, message, { status, reason }, error, usual.details.until);
  return new FreshetError(usual.code, usual.message, { ...usual.details, extra: { status, reason } });
};

const told = (
  { code, sentence, action }: Told,
  message: string,
  extra: Record<string, unknown>,
  cause: unknown,
  until?: Date,
): FreshetError => {
  const said = message === '' ? '' : ` It says: ${message.trim().slice(0, 300)}`;
  return new FreshetError(code, `${sentence}${said}`, { action, cause, extra, ...(until && { until }) });
};

/** Of the token endpoint (RFC 6749 §5.2). */
const explainGrant = (error: string, description: string, cause: unknown): FreshetError | null => {
  if (error === 'invalid_grant' || error === 'invalid_client' || error === 'invalid_scope') {
    return new FreshetError(
      'source_unauthorized',
      `Google does not accept the service account’s key. It says: ${description.slice(0, 300) || error}`,
      { action: 'Make a new key for the service account and paste it into the source’s settings.', cause },
    );
  }
  return null;
};
