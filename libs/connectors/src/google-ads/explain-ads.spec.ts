import { AdsFault } from './ads-fault';
import { adsCodeOf, explainAds } from './explain-ads';

const now = new Date('2026-03-15T18:00:00Z');

const failureOf = (kind: string, code: string, details?: unknown) => ({
  error: {
    code: 400,
    message: 'Request contains an invalid argument.',
    status: 'INVALID_ARGUMENT',
    details: [
      {
        '@type': 'type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure',
        errors: [
          {
            errorCode: { [kind]: code },
            message: `It was ${code}.`,
            ...(details !== undefined && { details }),
          },
        ],
        requestId: 'r1',
      },
    ],
  },
});

const explain = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  explainAds(new AdsFault(status, headers, body), now);

describe('what errors of Google Ads mean', () => {
  it.each([
    ['quotaError', 'RESOURCE_EXHAUSTED', 'source_quota'],
    ['quotaError', 'RESOURCE_TEMPORARILY_EXHAUSTED', 'source_quota'],
    ['internalError', 'INTERNAL_ERROR', 'source_unreachable'],
    ['internalError', 'TRANSIENT_ERROR', 'source_unreachable'],
    ['internalError', 'DEADLINE_EXCEEDED', 'source_unreachable'],
    ['authenticationError', 'OAUTH_TOKEN_REVOKED', 'source_unauthorized'],
    ['authenticationError', 'NOT_ADS_USER', 'source_unauthorized'],
    ['authenticationError', 'DEVELOPER_TOKEN_INVALID', 'source_unauthorized'],
    ['authorizationError', 'DEVELOPER_TOKEN_NOT_APPROVED', 'source_unauthorized'],
    ['authorizationError', 'DEVELOPER_TOKEN_PROHIBITED', 'source_unauthorized'],
    ['authorizationError', 'USER_PERMISSION_DENIED', 'source_unauthorized'],
    ['authorizationError', 'CUSTOMER_NOT_ENABLED', 'source_not_found'],
    ['requestError', 'EXPIRED_PAGE_TOKEN', 'source_page_expired'],
    ['requestError', 'INVALID_PAGE_TOKEN', 'source_page_expired'],
    ['requestError', 'UNSUPPORTED_VERSION', 'source_refused'],
    ['queryError', 'REQUESTED_METRICS_FOR_MANAGER', 'source_refused'],
    ['queryError', 'DATE_RANGE_TOO_WIDE', 'source_slice_too_large'],
    ['queryError', 'UNRECOGNIZED_FIELD', 'source_refused'],
  ])('%s.%s is %s', (kind, code, expected) => {
    const error = explain(400, failureOf(kind, code));
    expect(error).toMatchObject({ code: expected });
    expect(error?.message).toMatch(/\.$/);
    expect(error?.details.action).toMatch(/^\p{Lu}.*\.$/u);
    expect(error && adsCodeOf(error)).toBe(code);
  });

  it('waits as long as the quota says, or an hour for the operations of a day', () => {
    const quota = (retryDelay?: string) =>
      explain(429, failureOf('quotaError', 'RESOURCE_EXHAUSTED', { quotaErrorDetails: { retryDelay } }));
    expect(quota('90s')?.details.until).toEqual(new Date(now.getTime() + 90_000));
    expect(quota()?.details.until).toEqual(new Date(now.getTime() + 3_600_000));
    const short = explain(429, failureOf('quotaError', 'RESOURCE_TEMPORARILY_EXHAUSTED'), {
      'retry-after': '7',
    });
    expect(short?.details.until).toEqual(new Date(now.getTime() + 7_000));
  });

  it('has an old access token renewed, and no other refusal', () => {
    const status = (code: string) =>
      explain(401, failureOf('authenticationError', code))?.details.extra?.['status'];
    expect(status('OAUTH_TOKEN_EXPIRED')).toBe(401);
    expect(status('OAUTH_TOKEN_REVOKED')).toBeNull();
    expect(status('DEVELOPER_TOKEN_INVALID')).toBeNull();
  });

  it('finds the error in an answer of 200 that broke off', () => {
    const body = [{ results: [{}] }, failureOf('internalError', 'INTERNAL_ERROR')];
    expect(explain(500, body)).toMatchObject({ code: 'source_unreachable' });
  });

  it('reads the library’s own failure, which is no Error and has names of its own', () => {
    const thrown = {
      errors: [{ error_code: { quota_error: 'RESOURCE_EXHAUSTED' }, message: 'Too many.' }],
      request_id: 'r1',
    };
    expect(explainAds(thrown, now)).toMatchObject({ code: 'source_quota' });
  });

  it('takes a web page for no answer', () => {
    expect(explain(200, '<html></html>')).toMatchObject({ code: 'source_unreachable' });
    expect(explain(503, '<html></html>')).toMatchObject({ code: 'source_unreachable' });
  });

  it('leaves errors of the network to the kit', () => {
    expect(explainAds(new Error('socket hang up'), now)).toBeNull();
    expect(explainAds('nothing', now)).toBeNull();
  });
});
