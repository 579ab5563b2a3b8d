import { afterFailure, decidePublish, noFailure, type FenceRow, type FinishedBuild } from './publish-fence';

const row: FenceRow = {
  deleted: false,
  definitionRevision: 2,
  pinnedVersion: null,
  mode: 'live',
  publishedVersion: 17,
  lastFinishedAttempt: 17,
  inputHeld: false,
};
const build: FinishedBuild = {
  attempt: 18,
  lastStartedAttemptInSnapshot: 18,
  vector: { 't:1': 9, d: 2, f: 0 },
  equalsVersion: null,
};

describe('what becomes of a finished build', () => {
  test.each<[string, FenceRow | null, Partial<FinishedBuild>, object]>([
    ['a new result is published', row, {}, { outcome: 'publish' }],
    ['the first result is published', { ...row, publishedVersion: 0 }, {}, { outcome: 'publish' }],
    [
      'before the first version nothing can be equal',
      { ...row, publishedVersion: 0 },
      { equalsVersion: 0 },
      { outcome: 'publish' },
    ],
    ['an equal result keeps the version', row, { equalsVersion: 17 }, { outcome: 'unchanged' }],
    [
      'a result equal to a version that is published no longer is published',
      row,
      { equalsVersion: 16 },
      { outcome: 'publish' },
    ],
    ['while pinned it is stored as shadow', { ...row, pinnedVersion: 17 }, {}, { outcome: 'shadow' }],
    ['a shadow model publishes nothing', { ...row, mode: 'shadow' }, {}, { outcome: 'shadow' }],
    ['a vanished model', null, {}, { reason: 'model_deleted' }],
    ['a deleted model', { ...row, deleted: true }, {}, { reason: 'model_deleted' }],
    ['a later attempt has finished', { ...row, lastFinishedAttempt: 19 }, {}, { reason: 'overtaken' }],
    ['the same attempt has finished', { ...row, lastFinishedAttempt: 18 }, {}, { reason: 'overtaken' }],
    [
      'a later attempt had begun before its snapshot',
      row,
      { lastStartedAttemptInSnapshot: 19 },
      { reason: 'overtaken' },
    ],
    [
      'the definition changed meanwhile',
      { ...row, definitionRevision: 3 },
      {},
      { reason: 'definition_changed' },
    ],
    ['an input was held meanwhile', { ...row, inputHeld: true }, {}, { reason: 'held_meanwhile' }],
    [
      'held counts while pinned, too',
      { ...row, inputHeld: true, pinnedVersion: 17 },
      {},
      { reason: 'held_meanwhile' },
    ],
  ])('%s', (_what, locked, special, decision) => {
    expect(decidePublish(locked, { ...build, ...special })).toMatchObject(decision);
  });

  test('a skipped one says why', () => {
    expect(decidePublish({ ...row, definitionRevision: 3 }, build)).toEqual({
      outcome: 'skipped',
      reason: 'definition_changed',
      sentence:
        'Its SQL was changed while it was being refreshed, so this result was dropped; it is refreshed again.',
    });
  });
});

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
