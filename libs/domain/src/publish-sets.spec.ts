import { cascadeOf, type CascadeExample, type ExampleModel } from './examples/cascade-example';
import { decidePublishSet, type SetRow } from './set-fence';
import { planDispatch, shouldRun, type DispatchOptions } from './readiness';

const now = 1_000_000;
const options: DispatchOptions = { maxWait: 60_000, head: 12, attempts: 3 };
const together = { publishMode: 'together' as const };

/** Built from revision 6 of `traffic` and published; 7 is what it is now. */
const before = { publishedVector: { 't:traffic': 6, d: 1, f: 0 } };
const built: ExampleModel = { reads: ['traffic'], ...together, ...before, hasCandidate: true };
const stillAt6: ExampleModel = {
  reads: ['traffic'],
  ...together,
  ...before,
  builtVector: before.publishedVector,
};
/** Came out equal: nothing to publish, but it has seen revision 7. */
const cameOutEqual: ExampleModel = {
  reads: ['traffic'],
  ...together,
  publishedVector: { 't:traffic': 7, d: 1, f: 0 },
};

const plan = (models: CascadeExample['models'], traffic = {}) =>
  planDispatch(cascadeOf({ streams: { traffic }, models }), now, options);

interface Rule {
  rule: string;
  models: CascadeExample['models'];
  traffic?: object;
  published?: string[][];
  ready?: string[];
  waiting?: Record<string, string>;
  dropped?: string[];
}

const rules: Rule[] = [
  {
    rule: 'one alone is complete when it is built',
    models: { a: built },
    published: [['a']],
    waiting: { a: 'set_ready' },
  },
  {
    rule: 'it waits for another reader of the table that moved',
    models: { a: built, b: stillAt6 },
    ready: ['b'],
    waiting: { a: 'set_in_progress' },
  },
  {
    rule: 'one that came out equal is waited for no longer',
    models: { a: built, b: cameOutEqual },
    published: [['a']],
    waiting: { a: 'set_ready' },
  },
  {
    rule: 'all candidates of a set are published at once',
    models: { a: built, b: built },
    published: [['a', 'b']],
    waiting: { a: 'set_ready', b: 'set_ready' },
  },
  {
    rule: 'a candidate is not built again while its set waits for another, though its table has moved on',
    models: {
      a: { ...built, builtVector: { 't:traffic': 8, d: 1, f: 0 } },
      b: stillAt6,
    },
    traffic: { revision: 9 },
    ready: ['b'],
    waiting: { a: 'set_in_progress' },
  },
  {
    rule: 'it is built again when its SQL changed',
    models: {
      a: { ...built, definitionRevision: 2, builtVector: { 't:traffic': 7, d: 1, f: 0 } },
      b: stillAt6,
    },
    ready: ['a', 'b'],
  },
  {
    rule: 'for a while its members are to see the same of a table: the one that saw less is built again',
    models: {
      a: { ...built, builtVector: { 't:traffic': 8, d: 1, f: 0 }, owedSince: now - 59_999 },
      b: { ...built, builtVector: { 't:traffic': 9, d: 1, f: 0 } },
    },
    traffic: { revision: 9 },
    ready: ['a'],
    waiting: { b: 'set_in_progress' },
  },
  {
    rule: 'past max wait it is published as it is',
    models: {
      a: { ...built, builtVector: { 't:traffic': 8, d: 1, f: 0 }, owedSince: now - 60_000 },
      b: { ...built, builtVector: { 't:traffic': 9, d: 1, f: 0 } },
    },
    traffic: { revision: 9 },
    published: [['a', 'b']],
    waiting: { a: 'set_ready', b: 'set_ready' },
  },
  {
    rule: 'those below are built from the candidate, and are published with it',
    models: {
      a: built,
      b: {
        reads: ['a'],
        ...together,
        publishedVector: { 'm:a': 3, d: 1, f: 0 },
        builtVector: { 'm:a': 3, d: 1, f: 0 },
      },
    },
    ready: ['b'],
    waiting: { a: 'set_in_progress' },
  },
  {
    rule: 'one that failed for good blocks its set',
    models: { a: built, b: { ...stillAt6, failedOnThis: true, failureFinal: true } },
    waiting: { a: 'set_blocked', b: 'given_up' },
  },
  {
    rule: 'in a blocked set a candidate follows its inputs, so that what failed below it is tried again',
    models: {
      a: {
        ...built,
        builtVector: { 't:traffic': 6, d: 1, f: 0 },
        publishedVector: { 't:traffic': 5, d: 1, f: 0 },
      },
      b: { ...stillAt6, builtVector: { 't:traffic': 5, d: 1, f: 0 }, failedOnThis: true, failureFinal: true },
    },
    ready: ['a'],
    waiting: { b: 'given_up' },
  },
  ...(
    [
      ['paused', { paused: true }, 'paused'],
      ['off', { autoRefresh: false }, 'auto_refresh_off'],
      ['pinned', { pinnedVersion: 2 }, null],
      ['in shadow mode', { mode: 'shadow' }, null],
    ] as const
  ).map(([state, special, reason]): Rule => ({
    rule: `one that is ${state} is not waited for`,
    models: { a: built, b: { ...stillAt6, ...special } },
    published: [['a']],
    ready: reason ? [] : ['b'],
    waiting: { a: 'set_ready', ...(reason && { b: reason }) },
  })),
  {
    rule: 'readers of another table are another set',
    models: { a: built, b: { ...stillAt6, reads: ['other'], publishedVector: { 't:other': 6, d: 1, f: 0 } } },
    published: [['a']],
    ready: ['b'],
    waiting: { a: 'set_ready' },
  },
  {
    rule: 'models of another project are another set',
    models: { a: built, b: { ...stillAt6, projectId: 'q' } },
    published: [['a']],
    ready: ['b'],
    waiting: { a: 'set_ready' },
  },
  ...(
    [
      ['paused', { paused: true }],
      ['pinned', { pinnedVersion: 3 }],
      ['put into shadow mode', { mode: 'shadow' }],
      [
        'off, with other SQL',
        { autoRefresh: false, definitionRevision: 2, builtVector: { 't:traffic': 7, d: 1, f: 0 } },
      ],
    ] as const
  ).map(([state, special]): Rule => ({
    rule: `a candidate whose model is ${state} is dropped, before anything is published`,
    models: { a: { ...built, ...special }, b: built },
    dropped: ['a'],
  })),
  {
    rule: 'a candidate over a table that is held is dropped',
    models: { a: built },
    traffic: { held: true },
    dropped: ['a'],
    waiting: { a: 'input_held' },
  },
  {
    rule: 'in a project that publishes each, a candidate that was left over is published at once',
    models: { a: { ...built, publishMode: 'each' }, b: { ...stillAt6, publishMode: 'each' } },
    published: [['a']],
    ready: ['b'],
    waiting: { a: 'set_ready' },
  },
  {
    rule: 'there, one that was built from a candidate goes with that',
    models: {
      a: { ...built, publishMode: 'each' },
      b: { reads: ['a'], hasCandidate: true, publishedVector: { 'm:a': 3, d: 1, f: 0 } },
    },
    published: [['a', 'b']],
  },
];

describe('which candidates are published together', () => {
  test.each(rules)('$rule', ({ models, traffic, published = [], ready, waiting, dropped = [] }) => {
    const example = { traffic: { ...traffic }, other: {} };
    const found = planDispatch(cascadeOf({ streams: example, models }), now, options);
    expect(found.publishSets.map(({ members }) => members.map(({ modelId }) => modelId))).toEqual(published);
    expect(found.dropped.map(({ modelId }) => modelId)).toEqual(dropped);
    if (ready) expect(found.ready.map(({ modelId }) => modelId).sort()).toEqual(ready);
    if (waiting) {
      expect(Object.fromEntries(found.waiting.map(({ modelId, reason }) => [modelId, reason]))).toEqual(
        waiting,
      );
    }
  });

  test('sentences name whom it waits for, who failed, and with whom it is published', () => {
    const sentenceOf = (models: CascadeExample['models']) =>
      plan(models).waiting.find(({ modelId }) => modelId === 'a')?.sentence;
    expect(sentenceOf({ a: built, b: stillAt6, c: stillAt6 })).toBe(
      'It is built; it waits for b and c, to be published together.',
    );
    expect(sentenceOf({ a: built, b: { ...stillAt6, failedOnThis: true, failureFinal: true } })).toBe(
      'It is built but not published: b failed, and they are published together or not at all.',
    );
    expect(sentenceOf({ a: built, b: built })).toBe('It is built and is published now, together with b.');
  });

  test('the worker waits with the dispatcher', () => {
    const state = cascadeOf({
      streams: { traffic: { revision: 9 } },
      models: { a: { ...built, builtVector: { 't:traffic': 8, d: 1, f: 0 } }, b: stillAt6 },
    });
    expect(shouldRun(state, 'a', now, options)).toMatchObject({ run: false, reason: 'set_in_progress' });
  });

  test('a member found to be owed only now does not make its set wait for a busy source once more', () => {
    const example = {
      streams: { traffic: {} },
      sources: { traffic: { syncingUntil: now + 1 } },
      models: { a: { ...built, owedSince: now - 60_000 }, b: stillAt6 },
    };
    expect(planDispatch(cascadeOf(example), now, options).ready).toMatchObject([{ modelId: 'b' }]);
  });
});

describe('a shadow mode whose time is over', () => {
  const daily = { reads: ['traffic'], mode: 'shadow' as const };
  test('counts as live, and its latest build is to be shown', () => {
    expect(plan({ a: { ...daily, shadowUntil: now } }).shadowsOver).toEqual(['a']);
  });
  test.each([
    ['lasts still', { shadowUntil: now + 1 }],
    ['lasts for good', { shadowUntil: null }],
    ['is that of a deleted model', { shadowUntil: now, deleted: true }],
  ])('not one that %s', (_what, special) => {
    expect(plan({ a: { ...daily, ...special } }).shadowsOver).toEqual([]);
  });
  test('nothing comes through a model in shadow mode, so those below do not wait for it', () => {
    const below = { reads: ['a', 'traffic'], behind: true };
    expect(
      plan({ a: { ...daily, behind: true }, b: below })
        .ready.map(({ modelId }) => modelId)
        .sort(),
    ).toEqual(['a', 'b']);
  });
});

describe('the fence of a set', () => {
  const vector = { 't:1': 9, d: 2, f: 0 };
  const row: NonNullable<SetRow['row']> = {
    deleted: false,
    definitionRevision: 2,
    pinnedVersion: null,
    mode: 'live',
    publishMode: 'together',
    publishedVersion: 3,
    candidateVersion: 4,
    candidateVector: vector,
    lastFinishedAttempt: 4,
    inputHeld: false,
    paused: false,
  };
  const member = (modelId: string, special: Partial<typeof row> | null = {}): SetRow => ({
    member: { modelId, version: 4, vector },
    row: special && { ...row, ...special },
  });

  test('all as they were when the plan was made: all are published', () => {
    expect(decidePublishSet([member('a'), member('b')])).toEqual({ publish: true });
  });

  test.each<[string, Partial<typeof row> | null, string]>([
    ['vanished', null, 'model_deleted'],
    ['was deleted', { deleted: true }, 'model_deleted'],
    ['has another candidate', { candidateVersion: 5 }, 'overtaken'],
    ['has none any more', { candidateVersion: null }, 'overtaken'],
    ['was built again with an equal result', { candidateVector: { ...vector, 't:1': 10 } }, 'overtaken'],
    ['has other SQL', { definitionRevision: 3 }, 'definition_changed'],
    ['reads what is held', { inputHeld: true }, 'held_meanwhile'],
    ['was paused', { paused: true }, 'paused_meanwhile'],
    ['was pinned', { pinnedVersion: 3 }, 'pinned_meanwhile'],
    ['was put into shadow mode', { mode: 'shadow' }, 'pinned_meanwhile'],
  ])('one %s: none is published', (_what, special, reason) => {
    expect(decidePublishSet([member('a'), member('b', special)])).toMatchObject({
      publish: false,
      modelId: 'b',
      reason,
    });
  });
});
