import { FreshetError, type ProblemCode, type ProblemDetails } from '@freshet/contracts';
import { retrying, type RetryOptions } from './retry';

const now = new Date('2026-03-01T12:00:00Z');
const seconds = (count: number): Date => new Date(now.getTime() + count * 1_000);

/** An operation that fails so often, with the waits that were asked for. */
const attempt = async (failures: FreshetError[], options: Partial<RetryOptions> = {}) => {
  const waits: number[] = [];
  let calls = 0;
  const retry = retrying({
    signal: new AbortController().signal,
    now: () => now,
    random: () => 1,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    ...options,
  });
  const outcome = await retry(async () => {
    const failure = failures[calls++];
    if (failure) throw failure;
    return 'done';
  }).catch((error: unknown) => error);
  return { outcome, calls, waits };
};

const fault = (code: ProblemCode, details: ProblemDetails = {}): FreshetError =>
  new FreshetError(code, 'It failed.', details);

describe('retrying', () => {
  it('tries again after 1, 2 and 4 seconds', async () => {
    const failures = [1, 2, 3].map(() => fault('source_unreachable'));
    expect(await attempt(failures)).toEqual({ outcome: 'done', calls: 4, waits: [1_000, 2_000, 4_000] });
  });

  it('gives up after the third retry with the last error', async () => {
    const failures = [1, 2, 3, 4].map(() => fault('source_unreachable'));
    const { outcome, calls } = await attempt(failures);
    expect(calls).toBe(4);
    expect(outcome).toBe(failures[3]);
  });

  it('spreads clients over the second half of each delay', async () => {
    const failures = [1, 2, 3].map(() => fault('source_unreachable'));
    expect((await attempt(failures, { random: () => 0 })).waits).toEqual([500, 1_000, 2_000]);
  });

  it.each<ProblemCode>([
    'source_unauthorized',
    'source_not_found',
    'source_refused',
    'source_unreadable',
    'address_not_allowed',
  ])('does not repeat %s', async (code) => {
    const failure = fault(code);
    expect(await attempt([failure])).toEqual({ outcome: failure, calls: 1, waits: [] });
  });

  it('does not repeat an error of the program', async () => {
    const { calls, outcome } = await attempt([new TypeError('x is undefined') as unknown as FreshetError]);
    expect(calls).toBe(1);
    expect(outcome).toBeInstanceOf(TypeError);
  });

  it('waits as long as the server asks for', async () => {
    expect(await attempt([fault('source_quota', { until: seconds(7) })])).toEqual({
      outcome: 'done',
      calls: 2,
      waits: [7_000],
    });
    expect((await attempt([fault('source_unreachable', { until: seconds(3) })])).waits).toEqual([3_000]);
  });

  it('leaves a long wait to the one who can park the run', async () => {
    const failure = fault('source_quota', { until: seconds(3_600) });
    expect(await attempt([failure])).toEqual({ outcome: failure, calls: 1, waits: [] });
  });

  it('gives a quota without a known end one minute, once the retries are used up', async () => {
    const { outcome, waits } = await attempt([1, 2, 3, 4].map(() => fault('source_quota')));
    expect(waits).toHaveLength(3);
    expect(outcome).toMatchObject({ code: 'source_quota', details: { until: seconds(60) } });
  });

  it('stops when cancelled while it waits', async () => {
    const controller = new AbortController();
    const { outcome, calls } = await attempt([fault('source_unreachable')], {
      signal: controller.signal,
      wait: async (_milliseconds, signal) => {
        controller.abort();
        signal.throwIfAborted();
      },
    });
    expect(calls).toBe(1);
    expect(outcome).toMatchObject({ code: 'cancelled' });
  });
});
