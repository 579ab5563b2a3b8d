import { afterFailure, afterInterruption, isGivenUp, noFailure } from './failures';

describe('what becomes of a failed build', () => {
  const now = 100_000;
  const policy = { attempts: 3, backoff: [2_000, 8_000] };
  const vector = { 't:1': 9, d: 2, f: 0 };
  const fail = (before = { ...noFailure }, failure = {}) =>
    afterFailure(before, { vector, verdict: 'retry', ...failure }, now, policy);

  test('the first is tried again after 2 s, the second after 8 s, the third is given up', () => {
    const first = fail();
    expect(first).toMatchObject({ failures: 1, vectorFailures: 1, retryAt: now + 2_000, givenUp: false });
    const second = fail(first);
    expect(second).toMatchObject({ failures: 2, vectorFailures: 2, retryAt: now + 8_000, givenUp: false });
    expect(fail(second)).toMatchObject({ failures: 3, vectorFailures: 3, givenUp: true });
  });

  test('on other inputs it has its attempts again, but the backoff goes on', () => {
    const before = { ...noFailure, failures: 5, vectorFailures: 3, failedVector: { ...vector, 't:1': 8 } };
    expect(fail(before)).toMatchObject({
      failures: 6,
      vectorFailures: 1,
      retryAt: now + 8_000,
      givenUp: false,
    });
  });

  test('a guard, the preflight or the SQL: given up at once', () => {
    expect(fail(undefined, { verdict: 'discard' })).toMatchObject({ failureFinal: true, givenUp: true });
  });

  test('a failure that names a time waits until then', () => {
    expect(fail(undefined, { verdict: 'wait', until: now + 60_000 })).toMatchObject({
      retryAt: now + 60_000,
    });
  });
});

describe('what becomes of an interrupted attempt', () => {
  const now = 100_000;
  const policy = { attempts: 3, backoff: [2_000, 8_000], interruptions: 8 };
  const vector = { 't:1': 9, d: 2, f: 0 };
  const interrupt = (before = { ...noFailure }, on = vector) => afterInterruption(before, on, now, policy);
  const times = (count: number) => {
    let state = { ...noFailure };
    for (let time = 0; time < count; time++) state = interrupt(state);
    return state;
  };

  test('it is tried again after 2 s, then after 8 s each time, and is no failure of its query', () => {
    expect(interrupt()).toMatchObject({
      interruptions: 1,
      retryAt: now + 2_000,
      failures: 0,
      vectorFailures: 0,
      givenUp: false,
    });
    expect(times(2)).toMatchObject({ interruptions: 2, retryAt: now + 8_000 });
    expect(times(7)).toMatchObject({ interruptions: 7, retryAt: now + 8_000, givenUp: false });
  });

  test('eight in a row on the same inputs: given up', () => {
    expect(isGivenUp(times(7), vector, policy)).toBe(false);
    expect(times(8)).toMatchObject({ interruptions: 8, givenUp: true });
    expect(isGivenUp(times(8), vector, policy)).toBe(true);
  });

  test('on other inputs the count begins anew', () => {
    expect(interrupt(times(7), { ...vector, 't:1': 10 })).toMatchObject({ interruptions: 1, givenUp: false });
  });

  test('an attempt that fails in the ordinary way ends the row', () => {
    expect(afterFailure(times(7), { vector, verdict: 'retry' }, now, policy)).toMatchObject({
      interruptions: 0,
    });
  });

  test('failures on the same inputs stay counted, so that the two in turn do not go on for ever', () => {
    const failed = afterFailure({ ...noFailure }, { vector, verdict: 'retry' }, now, policy);
    expect(interrupt(failed)).toMatchObject({ failures: 1, vectorFailures: 1, interruptions: 1 });
  });
});
