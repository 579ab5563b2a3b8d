import { decidePublish, type FenceRow, type FinishedBuild } from './publish-fence';

const row: FenceRow = {
  deleted: false,
  definitionRevision: 2,
  pinnedVersion: null,
  mode: 'live',
  publishMode: 'each',
  publishedVersion: 17,
  candidateVersion: null,
  lastFinishedAttempt: 17,
  inputHeld: false,
};
const together: FenceRow = { ...row, publishMode: 'together' };
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
    ['an equal result keeps the version', row, { equalsVersion: 17 }, { outcome: 'unchanged', keeps: 17 }],
    ['together: a new result waits for its set', together, {}, { outcome: 'candidate' }],
    ['together: so does the first', { ...together, publishedVersion: 0 }, {}, { outcome: 'candidate' }],
    [
      'together: an equal result keeps the version',
      together,
      { equalsVersion: 17 },
      { outcome: 'unchanged', keeps: 17 },
    ],
    [
      'together: a result equal to the candidate keeps that',
      { ...together, candidateVersion: 16 },
      { equalsVersion: 16 },
      { outcome: 'unchanged', keeps: 16 },
    ],
    [
      'together: a result equal to what is published keeps that, and no candidate remains',
      { ...together, candidateVersion: 16 },
      { equalsVersion: 17 },
      { outcome: 'unchanged', keeps: 17 },
    ],
    [
      'together: a pinned model has shadows, no candidates',
      { ...together, pinnedVersion: 17 },
      {},
      { outcome: 'shadow' },
    ],
    ['a one-off shadow build is laid aside', row, { kind: 'shadow' }, { outcome: 'aside' }],
    [
      'so it is while an input is held',
      { ...row, inputHeld: true },
      { kind: 'shadow' },
      { outcome: 'aside' },
    ],
    [
      'a one-off shadow build that somebody overtook',
      row,
      { kind: 'shadow', lastStartedAttemptInSnapshot: 19 },
      { reason: 'overtaken' },
    ],
    [
      'a one-off shadow build of a deleted model',
      { ...row, deleted: true },
      { kind: 'shadow' },
      { reason: 'model_deleted' },
    ],
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
