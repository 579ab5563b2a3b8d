import { explain } from './explain';

const now = new Date('2026-03-07T20:00:00Z');

/** As Google's client throws it. */
const refusal = (status: number, error: unknown, headers: Record<string, string> = {}): unknown =>
  Object.assign(new Error('refused'), {
    response: { status, headers: new Headers(headers), data: { error } },
  });

const exhausted = (message: string, headers?: Record<string, string>): unknown =>
  refusal(429, { code: 429, message, status: 'RESOURCE_EXHAUSTED' }, headers);

const inSeconds = (count: number): Date => new Date(now.getTime() + count * 1_000);

describe('what Google Analytics says', () => {
  it.each([
    ['Exhausted concurrent requests quota.', 30],
    [
      'Exhausted property tokens for a project per hour. These quota tokens will return in under an hour.',
      1_800,
    ],
    ['Exhausted property tokens per hour. These quota tokens will return in under an hour.', 1_800],
    ['Exhausted potentially thresholded requests quota.', 1_800],
    ['Exhausted server errors quota.', 3_600],
  ])('waits for the quota: %s', (message, seconds) => {
    expect(explain(exhausted(message), now)).toMatchObject({
      code: 'source_quota',
      verdict: 'wait',
      details: { until: inSeconds(seconds), action: expect.stringMatching(/\.$/) as string },
    });
  });

  it.each([
    ['in winter', '2026-03-07T20:00:00Z', '2026-03-08T08:00:00Z'],
    ['over the night in which clocks are put forward', '2026-03-08T20:00:00Z', '2026-03-09T07:00:00Z'],
    ['in the hour before', '2026-07-01T06:59:00Z', '2026-07-01T07:00:00Z'],
  ])('waits until midnight in California for a day’s tokens, %s', (_when, at, until) => {
    expect(explain(exhausted('Exhausted property tokens per day.'), new Date(at))).toMatchObject({
      code: 'source_quota',
      details: { until: new Date(until) },
    });
  });

  it('believes Retry-After more than its own rules', () => {
    expect(explain(exhausted('Exhausted server errors quota.', { 'retry-after': '90' }), now)).toMatchObject({
      details: { until: inSeconds(90) },
    });
    expect(explain(exhausted('Something new.'), now)).toMatchObject({ code: 'source_quota' });
  });

  it.each([
    [
      'a scope that was not granted',
      refusal(403, {
        message: 'Request had insufficient authentication scopes.',
        details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
      }),
      /did not allow/,
      /Reconnect it.*ticked/,
    ],
    [
      'a property that is somebody else’s',
      refusal(403, {
        message: 'User does not have sufficient permissions for this property. To learn more …',
      }),
      /may not read this property/,
      /Viewer/,
    ],
    [
      'an API that is turned off',
      refusal(403, {
        message: 'Google Analytics Data API has not been used …',
        details: [{ reason: 'SERVICE_DISABLED' }],
      }),
      /not turned on/,
      /enable/,
    ],
    ['a revoked grant', refusal(400, 'invalid_grant'), /taken away/, /Reconnect/],
    [
      'an old token',
      refusal(401, { message: 'Request had invalid authentication credentials.' }),
      /401/,
      /Reconnect/,
    ],
  ])('asks a person for help with %s', (_what, error, message, action) => {
    expect(explain(error, now)).toMatchObject({
      code: 'source_unauthorized',
      verdict: 'discard',
      message: expect.stringMatching(message) as string,
      details: { action: expect.stringMatching(action) as string },
    });
  });

  it('lets the kit renew a token only for a 401', () => {
    const extra = (status: number): unknown =>
      explain(refusal(status, { message: 'No.' }), now)?.details.extra;
    expect([extra(401), extra(403)]).toEqual([{ status: 401 }, { status: 403 }]);
  });

  it('says nothing where there was no answer', () => {
    expect(explain(new TypeError('fetch failed'), now)).toBeNull();
    expect(explain('nonsense', now)).toBeNull();
  });
});
