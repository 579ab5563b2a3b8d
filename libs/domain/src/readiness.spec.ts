import { cascadeOf, type CascadeExample } from './examples/cascade-example';
import { isOwed, planDispatch, shouldRun, type DispatchOptions } from './readiness';

const now = 1_000_000;
const second = 1_000;
const options: DispatchOptions = { maxWait: 60 * second, head: 12, attempts: 3 };

const plan = (example: CascadeExample, special: Partial<DispatchOptions> = {}) =>
  planDispatch(cascadeOf(example), now, { ...options, ...special });
const readyIn = (example: CascadeExample): string[] => plan(example).ready.map(({ modelId }) => modelId);
const reasonsIn = (example: CascadeExample): Record<string, string> =>
  Object.fromEntries(plan(example).waiting.map(({ modelId, reason }) => [modelId, reason]));

/** One row a rule: the cascade, who is ready in it, and what the others are told. */
interface Rule {
  rule: string;
  given: CascadeExample;
  ready?: string[];
  waiting?: Record<string, string>;
}

const traffic = { traffic: {} };
const syncing = { traffic: { syncingUntil: now + 1 } };
const longAgo = now - options.maxWait;

const rules: Record<string, Rule[]> = {
  'what is owed': [
    {
      rule: 'a model whose inputs are those of its latest build is not refreshed',
      given: { streams: traffic, models: { daily: { reads: ['traffic'] } } },
    },
    {
      rule: 'a model whose table changed is refreshed',
      given: { streams: traffic, models: { daily: { reads: ['traffic'], behind: true } } },
      ready: ['daily'],
    },
    {
      rule: 'a model whose upstream model published is refreshed',
      given: {
        streams: traffic,
        models: { daily: { reads: ['traffic'] }, top: { reads: ['daily'], behind: true } },
      },
      ready: ['top'],
    },
    {
      rule: 'a model that reads something else is left alone',
      given: {
        streams: { traffic: {}, orders: {} },
        models: { daily: { reads: ['traffic'], behind: true }, sales: { reads: ['orders'] } },
      },
      ready: ['daily'],
    },
    {
      rule: 'a changed definition is owed',
      given: {
        streams: traffic,
        models: {
          daily: { reads: ['traffic'], definitionRevision: 2, builtVector: { 't:traffic': 7, d: 1, f: 0 } },
        },
      },
      ready: ['daily'],
    },
    {
      rule: 'a model that was never built is built, with auto-refresh off as well',
      given: {
        streams: traffic,
        models: { daily: { reads: ['traffic'], neverBuilt: true, autoRefresh: false } },
      },
      ready: ['daily'],
    },
    {
      rule: 'a shadow model that was built but never published is not owed',
      given: { streams: traffic, models: { daily: { reads: ['traffic'], publishedVersion: 0 } } },
    },
    {
      rule: 'auto-refresh off: a change is not followed',
      given: {
        streams: traffic,
        models: { daily: { reads: ['traffic'], behind: true, autoRefresh: false } },
      },
      waiting: { daily: 'auto_refresh_off' },
    },
    {
      rule: 'auto-refresh off: a refresh that was asked for runs',
      given: {
        streams: traffic,
        models: {
          daily: {
            reads: ['traffic'],
            autoRefresh: false,
            forced: 1,
            builtVector: { 't:traffic': 7, d: 1, f: 0 },
          },
        },
      },
      ready: ['daily'],
    },
  ],
  'what stops a model': [
    {
      rule: 'paused: not refreshed, even when asked for',
      given: {
        streams: traffic,
        models: { daily: { reads: ['traffic'], behind: true, paused: true, forced: 1 } },
      },
      waiting: { daily: 'paused' },
    },
    {
      rule: 'a held table stops each of its readers, whatever the cause, and no one else',
      given: {
        streams: { traffic: { held: true }, orders: {} },
        models: {
          daily: { reads: ['traffic', 'orders'], behind: true, requestClass: 1, forced: 1 },
          sales: { reads: ['orders'], behind: true },
        },
      },
      ready: ['sales'],
      waiting: { daily: 'input_held' },
    },
    {
      rule: 'a deleted table freezes its readers',
      given: {
        streams: { traffic: { deleted: true } },
        models: { daily: { reads: ['traffic'], behind: true } },
      },
      waiting: { daily: 'input_deleted' },
    },
    {
      rule: 'a deleted upstream model freezes its readers',
      given: {
        streams: traffic,
        models: { daily: { reads: ['traffic'], deleted: true }, top: { reads: ['daily'], behind: true } },
      },
      waiting: { top: 'input_deleted' },
    },
    {
      rule: 'an input that is not there any more freezes its readers',
      given: { streams: {}, models: { daily: { reads: ['traffic'], behind: true } } },
      waiting: { daily: 'input_deleted' },
    },
    {
      rule: 'a table that was never loaded is waited for, past max wait too',
      given: {
        streams: { traffic: { exists: false } },
        models: { daily: { reads: ['traffic'], neverBuilt: true, owedSince: 0 } },
      },
      waiting: { daily: 'input_missing' },
    },
    {
      rule: 'an upstream model without a first version is waited for, past max wait too',
      given: {
        streams: traffic,
        models: {
          daily: { reads: ['traffic'], neverBuilt: true },
          top: { reads: ['daily'], neverBuilt: true, owedSince: 0 },
        },
      },
      ready: ['daily'],
      waiting: { top: 'input_missing' },
    },
    {
      rule: 'three failures on the same inputs: given up',
      given: {
        streams: traffic,
        models: {
          daily: { reads: ['traffic'], behind: true, failedOnThis: true, failures: 3, vectorFailures: 3 },
        },
      },
      waiting: { daily: 'given_up' },
    },
    {
      rule: 'one failure that trying again cannot mend: given up',
      given: {
        streams: traffic,
        models: {
          daily: {
            reads: ['traffic'],
            behind: true,
            failedOnThis: true,
            failures: 1,
            vectorFailures: 1,
            failureFinal: true,
          },
        },
      },
      waiting: { daily: 'given_up' },
    },
    {
      rule: 'given up for other inputs than these: tried again',
      given: {
        streams: traffic,
        models: {
          daily: {
            reads: ['traffic'],
            behind: true,
            failedVector: { 't:traffic': 6, d: 1, f: 0 },
            failures: 3,
            vectorFailures: 3,
            failureFinal: true,
          },
        },
      },
      ready: ['daily'],
    },
    {
      rule: 'given up, then asked for by a person: tried again',
      given: {
        streams: traffic,
        models: {
          daily: {
            reads: ['traffic'],
            forced: 1,
            builtVector: { 't:traffic': 6, d: 1, f: 0 },
            failedVector: { 't:traffic': 7, d: 1, f: 0 },
            failures: 3,
            vectorFailures: 3,
          },
        },
      },
      ready: ['daily'],
    },
    {
      rule: 'a deleted model is not spoken of',
      given: { streams: traffic, models: { daily: { reads: ['traffic'], behind: true, deleted: true } } },
    },
  ],
  'what puts a refresh off': [
    {
      rule: 'a live lease: it runs already',
      given: {
        streams: traffic,
        models: { daily: { reads: ['traffic'], behind: true, leaseUntil: now + 1 } },
      },
      waiting: { daily: 'running' },
    },
    {
      rule: 'a lease that expired is that of a dead worker',
      given: { streams: traffic, models: { daily: { reads: ['traffic'], behind: true, leaseUntil: now } } },
      ready: ['daily'],
    },
    {
      rule: 'backoff after a failure, past max wait too',
      given: {
        streams: traffic,
        models: { daily: { reads: ['traffic'], behind: true, failures: 1, retryAt: now + 1, owedSince: 0 } },
      },
      waiting: { daily: 'backoff' },
    },
    {
      rule: 'backoff that has passed',
      given: {
        streams: traffic,
        models: { daily: { reads: ['traffic'], behind: true, failures: 1, retryAt: now } },
      },
      ready: ['daily'],
    },
    {
      rule: 'behind an owed model: that goes first',
      given: {
        streams: traffic,
        models: {
          daily: { reads: ['traffic'], behind: true },
          top: { reads: ['traffic', 'daily'], behind: true },
        },
      },
      ready: ['daily'],
      waiting: { top: 'upstream_owed' },
    },
    {
      rule: 'behind an owed model at any depth, through models that are not owed yet',
      given: {
        streams: traffic,
        models: {
          a: { reads: ['traffic'], behind: true },
          b: { reads: ['a'] },
          c: { reads: ['b'] },
          d: { reads: ['traffic', 'c'], behind: true },
        },
      },
      ready: ['a'],
      waiting: { b: 'upstream_owed', c: 'upstream_owed', d: 'upstream_owed' },
    },
    {
      rule: 'behind an owed model that is running or backing off: still behind',
      given: {
        streams: traffic,
        models: {
          a: { reads: ['traffic'], behind: true, leaseUntil: now + 1 },
          b: { reads: ['traffic'], behind: true, retryAt: now + 1 },
          c: { reads: ['a', 'traffic'], behind: true },
          d: { reads: ['b', 'traffic'], behind: true },
        },
      },
      waiting: { a: 'running', b: 'backoff', c: 'upstream_owed', d: 'upstream_owed' },
    },
    {
      rule: 'behind a syncing source: waits until its sync is done',
      given: { streams: traffic, sources: syncing, models: { daily: { reads: ['traffic'], behind: true } } },
      waiting: { daily: 'source_syncing' },
    },
    {
      rule: 'behind a syncing source of which it reads only through another model',
      given: {
        streams: { traffic: {}, orders: {} },
        sources: syncing,
        models: { daily: { reads: ['traffic'] }, top: { reads: ['orders', 'daily'], behind: true } },
      },
      waiting: { top: 'source_syncing' },
    },
    {
      rule: 'a sync whose lease expired is dead and delays nobody',
      given: {
        streams: traffic,
        sources: { traffic: { syncingUntil: now } },
        models: { daily: { reads: ['traffic'], behind: true } },
      },
      ready: ['daily'],
    },
    {
      rule: 'updates on any: a syncing source is not waited for',
      given: {
        streams: traffic,
        sources: syncing,
        models: { daily: { reads: ['traffic'], behind: true, updatesOn: 'any' } },
      },
      ready: ['daily'],
    },
    {
      rule: 'updates on any: an owed upstream model is waited for all the same',
      given: {
        streams: traffic,
        models: {
          daily: { reads: ['traffic'], behind: true },
          top: { reads: ['traffic', 'daily'], behind: true, updatesOn: 'any' },
        },
      },
      ready: ['daily'],
      waiting: { top: 'upstream_owed' },
    },
    {
      rule: 'past max wait: neither an owed upstream nor a syncing source is waited for any longer',
      given: {
        streams: traffic,
        sources: syncing,
        models: {
          daily: { reads: ['traffic'], behind: true, owedSince: longAgo + 1 },
          top: { reads: ['traffic', 'daily'], behind: true, owedSince: longAgo },
        },
      },
      ready: ['top'],
      waiting: { daily: 'source_syncing' },
    },
  ],
  'who does not count as owed for those below': [
    ...(
      [
        ['off', { autoRefresh: false }, 'auto_refresh_off'],
        ['paused', { paused: true }, 'paused'],
        ['given up', { failedOnThis: true, failureFinal: true, vectorFailures: 1 }, 'given_up'],
      ] as const
    ).map(([state, special, reason]): Rule => ({
      rule: `an upstream model that is ${state}`,
      given: {
        streams: traffic,
        models: {
          daily: { reads: ['traffic'], behind: true, ...special },
          top: { reads: ['traffic', 'daily'], behind: true },
        },
      },
      ready: ['top'],
      waiting: { daily: reason },
    })),
    {
      rule: 'an upstream model that is held',
      given: {
        streams: { traffic: { held: true }, orders: {} },
        models: {
          daily: { reads: ['traffic'], behind: true },
          top: { reads: ['orders', 'daily'], behind: true },
        },
      },
      ready: ['top'],
      waiting: { daily: 'input_held' },
    },
    {
      rule: 'an owed model, and a syncing source, above one that is off: nothing would come through',
      given: {
        streams: { traffic: {}, orders: {} },
        sources: { orders: { syncingUntil: now + 1 } },
        models: {
          a: { reads: ['traffic'], behind: true },
          b: { reads: ['a', 'orders'], autoRefresh: false },
          c: { reads: ['traffic', 'b'], behind: true },
        },
      },
      ready: ['a', 'c'],
      waiting: { b: 'upstream_owed' },
    },
    {
      rule: 'but an owed model above a given-up one does count: that is tried again when its inputs change',
      given: {
        streams: traffic,
        models: {
          a: { reads: ['traffic'], behind: true },
          b: { reads: ['a'], behind: true, failedOnThis: true, failureFinal: true, vectorFailures: 1 },
          c: { reads: ['traffic', 'b'], behind: true },
        },
      },
      ready: ['a'],
      waiting: { b: 'given_up', c: 'upstream_owed' },
    },
    {
      rule: 'below a given-up model one is told so, at any depth',
      given: {
        streams: traffic,
        models: {
          a: { reads: ['traffic'], behind: true, failedOnThis: true, failureFinal: true, vectorFailures: 1 },
          b: { reads: ['a'] },
          c: { reads: ['b'] },
        },
      },
      waiting: { a: 'given_up', b: 'upstream_failed', c: 'upstream_failed' },
    },
  ],
};

describe.each(Object.entries(rules))('%s', (_heading, cases) => {
  test.each(cases)('$rule', ({ given, ready = [], waiting = {} }) => {
    expect(readyIn(given)).toEqual(ready);
    expect(reasonsIn(given)).toEqual(waiting);
  });
});

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
