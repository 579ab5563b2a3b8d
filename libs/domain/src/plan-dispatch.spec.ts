import { cascadeOf, type CascadeExample } from './examples/cascade-example';
import { isOwed, planDispatch, shouldRun, type DispatchOptions } from './readiness';

const now = 1_000_000;
const options: DispatchOptions = { maxWait: 60_000, head: 12, attempts: 3 };
const traffic = { traffic: {} };

const plan = (example: CascadeExample, special: Partial<DispatchOptions> = {}) =>
  planDispatch(cascadeOf(example), now, { ...options, ...special });

describe('owedSince, the clock of max wait', () => {
  const changesIn = (example: CascadeExample) => plan(example).owedSince;
  const daily = { reads: ['traffic'], behind: true };

  test('starts when a model is first seen owed, for it and for all below it', () => {
    const given = { streams: traffic, models: { a: daily, b: { reads: ['a'] }, c: { reads: ['b'] } } };
    expect(changesIn(given)).toEqual(['a', 'b', 'c'].map((modelId) => ({ modelId, value: now })));
  });

  test('goes on once started', () => {
    expect(changesIn({ streams: traffic, models: { a: { ...daily, owedSince: now - 5 } } })).toEqual([]);
  });

  test('goes on for a model that waits for the first version of an input', () => {
    const given = { streams: { traffic: { exists: false } }, models: { a: { ...daily, neverBuilt: true } } };
    expect(changesIn(given)).toEqual([{ modelId: 'a', value: now }]);
  });

  test('is cleared when nothing is owed at it or above it any more', () => {
    const given = { streams: traffic, models: { a: { reads: ['traffic'], owedSince: now - 5 } } };
    expect(changesIn(given)).toEqual([{ modelId: 'a', value: null }]);
  });

  test.each([
    ['paused', { paused: true }],
    ['off', { autoRefresh: false }],
    ['given up', { failedOnThis: true, failureFinal: true }],
  ])(
    'is cleared for one that is %s, so that it takes its turn like everybody when it goes on',
    (_state, special) => {
      const given = { streams: traffic, models: { a: { ...daily, ...special, owedSince: now - 5 } } };
      expect(changesIn(given)).toEqual([{ modelId: 'a', value: null }]);
    },
  );

  test('does not start below a model that is off', () => {
    const given = { streams: traffic, models: { a: { ...daily, autoRefresh: false }, b: { reads: ['a'] } } };
    expect(changesIn(given)).toEqual([]);
  });
});

describe('the order of the ready', () => {
  const owed = { reads: ['traffic'], behind: true };
  const order = (models: CascadeExample['models'], head = 12) =>
    plan({ streams: traffic, models }, { head }).ready.map(({ modelId, priority }) => [modelId, priority]);

  test('a person goes before a schedule, a schedule before the cascade', () => {
    const models = {
      a: owed,
      b: { ...owed, requestClass: 2 as const },
      c: { ...owed, requestClass: 1 as const },
    };
    expect(order(models)).toEqual([
      ['c', 1001],
      ['b', 2002],
      ['a', 3003],
    ]);
  });

  test('within a class open dashboards go first, then the longest wait', () => {
    const models = {
      a: { ...owed, owedSince: now - 1 },
      b: { ...owed, owedSince: now - 3 },
      c: { ...owed, watched: true },
    };
    expect(order(models)).toEqual([
      ['c', 3001],
      ['b', 3002],
      ['a', 3003],
    ]);
  });

  test('organizations take turns, however many models one of them has', () => {
    const many = Object.fromEntries(
      Array.from({ length: 1_500 }, (_, index) => [`m${index}`, { ...owed, owedSince: now - 9 }]),
    );
    const ready = order({ ...many, single: { ...owed, organizationId: 'small' } }, 2_000);
    expect(ready.slice(0, 3).map(([modelId]) => modelId)).toEqual(['m0', 'single', 'm1']);
    expect(ready.at(-1)).toEqual(['m1499', 3999]);
  });

  test('an organization whose refreshes run already stands behind one that has none running', () => {
    const models = {
      running: { ...owed, leaseUntil: now + 1 },
      next: { ...owed, owedSince: now - 9 },
      single: { ...owed, organizationId: 'small' },
    };
    expect(order(models)).toEqual([
      ['single', 3001],
      ['next', 3002],
    ]);
  });

  test('only a short head is handed out; the others are told how many go first', () => {
    const given = { streams: traffic, models: { a: owed, b: owed, c: owed } };
    const { ready, waiting } = plan(given, { head: 2 });
    expect(ready.map(({ modelId }) => modelId)).toEqual(['a', 'b']);
    expect(waiting).toEqual([
      { modelId: 'c', owed: true, reason: 'in_line', sentence: 'It is ready; 2 refreshes go first.' },
    ]);
  });

  test('does not depend on the order of the rows', () => {
    const state = cascadeOf({ streams: traffic, models: { a10: owed, a9: owed, b: owed } });
    const reversed = { ...state, models: [...state.models].reverse() };
    expect(planDispatch(reversed, now, options).ready).toEqual(planDispatch(state, now, options).ready);
  });
});

describe("the worker's own look before it begins", () => {
  const state = (model: Partial<CascadeExample['models'][string]>) =>
    cascadeOf({ streams: traffic, models: { daily: { reads: ['traffic'], ...model } } });

  test('runs what is ready, with its vector, class and reason', () => {
    expect(shouldRun(state({ behind: true, requestClass: 2 }), 'daily', now, options)).toEqual({
      run: true,
      kind: 'live',
      vector: { 't:traffic': 7, d: 1, f: 0 },
      priorityClass: 2,
      why: 'traffic went 6 → 7',
    });
  });

  test('drops a job that came twice', () => {
    expect(shouldRun(state({}), 'daily', now, options)).toEqual({
      run: false,
      reason: 'up_to_date',
      sentence: 'Nothing it reads has changed since its last refresh.',
    });
  });

  test('drops a job whose model was paused meanwhile, or deleted', () => {
    expect(shouldRun(state({ behind: true, paused: true }), 'daily', now, options)).toMatchObject({
      reason: 'paused',
    });
    expect(shouldRun(state({ behind: true, deleted: true }), 'daily', now, options)).toMatchObject({
      reason: 'deleted',
    });
    expect(shouldRun(state({}), 'unknown', now, options)).toMatchObject({ reason: 'deleted' });
  });

  test('counts a live lease unless it is its own', () => {
    const running = state({ behind: true, leaseUntil: now + 1 });
    expect(shouldRun(running, 'daily', now, options)).toMatchObject({ run: false, reason: 'running' });
    expect(shouldRun(running, 'daily', now, { ...options, holdsLease: true })).toMatchObject({ run: true });
  });
});

test('isOwed says whether the latest build is of other inputs than there are now, stopped or not', () => {
  const state = cascadeOf({
    streams: traffic,
    models: {
      owed: { reads: ['traffic'], behind: true, paused: true },
      fresh: { reads: ['traffic'] },
      off: { reads: ['traffic'], behind: true, autoRefresh: false },
    },
  });
  expect(state.models.map((model) => [model.id, isOwed(model, state)])).toEqual([
    ['owed', true],
    ['fresh', false],
    ['off', false],
  ]);
});

describe('what is asked for once', () => {
  const shadow = { kind: 'shadow' as const, requestedAt: now - 5 };
  const dry = { kind: 'dry' as const, requestedAt: now - 3 };
  const daily = (special: Partial<CascadeExample['models'][string]>): CascadeExample => ({
    streams: traffic,
    models: { daily: { reads: ['traffic'], ...special } },
  });
  const kinds = (example: CascadeExample) =>
    plan(example).ready.map(({ kind, priority }) => [kind, priority]);

  test('runs though nothing is owed, in the class of what a person asks for', () => {
    expect(kinds(daily({ asks: [dry] }))).toEqual([['dry', 1001]]);
    expect(shouldRun(cascadeOf(daily({ asks: [dry] })), 'daily', now, options)).toMatchObject({
      run: true,
      kind: 'dry',
      priorityClass: 1,
      why: 'a dry run was asked for; nothing is kept',
    });
  });

  test('what is owed goes first, and the ask is told so', () => {
    expect(kinds(daily({ behind: true, asks: [dry] }))).toEqual([['live', 3001]]);
    expect(plan(daily({ behind: true, asks: [dry] })).waitingAsks).toMatchObject([
      { kind: 'dry', reason: 'in_line' },
    ]);
  });

  test('the oldest ask goes before the others', () => {
    expect(kinds(daily({ asks: [shadow, dry] }))).toEqual([['shadow', 1001]]);
  });

  test.each([
    ['paused', { paused: true, behind: true }],
    ['off', { autoRefresh: false, behind: true }],
    ['backing off', { behind: true, failures: 1, retryAt: now + 1 }],
    ['given up', { behind: true, failedOnThis: true, failureFinal: true }],
  ])('runs while the model is %s, which is still told why it waits', (_state, special) => {
    const found = plan(daily({ ...special, asks: [dry] }));
    expect(found.ready).toMatchObject([{ kind: 'dry' }]);
    expect(found.waiting).toHaveLength(1);
  });

  test('runs over a table that is held: nothing of it is published', () => {
    expect(kinds({ ...daily({ asks: [dry] }), streams: { traffic: { held: true } } })).toEqual([
      ['dry', 1001],
    ]);
  });

  test('waits while a refresh of the model runs, and for an input that has no data yet', () => {
    expect(plan(daily({ asks: [dry], leaseUntil: now + 1 }))).toMatchObject({
      ready: [],
      waitingAsks: [{ reason: 'running', ends: false }],
    });
    const missing = { ...daily({ asks: [dry], neverBuilt: true }), streams: { traffic: { exists: false } } };
    expect(plan(missing)).toMatchObject({
      ready: [],
      waitingAsks: [{ reason: 'input_missing', ends: false }],
    });
  });

  test('ends when an input was deleted', () => {
    const deleted = { ...daily({ asks: [dry] }), streams: { traffic: { deleted: true } } };
    expect(plan(deleted)).toMatchObject({
      ready: [],
      waitingAsks: [{ reason: 'input_deleted', ends: true }],
    });
  });
});

test('what is above a model that somebody looks at right now goes first as well', () => {
  const models = {
    a: { reads: ['traffic'], behind: true, owedSince: now - 9 },
    b: { reads: ['traffic'], behind: true },
    c: { reads: ['b'], watched: true },
  };
  expect(plan({ streams: traffic, models }).ready.map(({ modelId }) => modelId)).toEqual(['b', 'a']);
});
