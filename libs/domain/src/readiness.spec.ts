import { cascadeOf, type CascadeExample, type ExampleModel } from './examples/cascade-example';
import { planDispatch, type DispatchOptions } from './readiness';

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
/** One model over one table. */
const daily = (special: Partial<ExampleModel>): CascadeExample => ({
  streams: traffic,
  models: { daily: { reads: ['traffic'], ...special } },
});
const syncing = { traffic: { syncingUntil: now + 1 } };
const longAgo = now - options.maxWait;

const rules: Record<string, Rule[]> = {
  'what is owed': [
    {
      rule: 'a model whose inputs are those of its latest build is not refreshed',
      given: daily({}),
    },
    {
      rule: 'a model whose table changed is refreshed',
      given: daily({ behind: true }),
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
      given: daily({ definitionRevision: 2, builtVector: { 't:traffic': 7, d: 1, f: 0 } }),
      ready: ['daily'],
    },
    {
      rule: 'a model that was never built is built, with auto-refresh off as well',
      given: daily({ neverBuilt: true, autoRefresh: false }),
      ready: ['daily'],
    },
    {
      rule: 'a shadow model that was built but never published is not owed',
      given: daily({ publishedVersion: 0 }),
    },
    {
      rule: 'auto-refresh off: a change is not followed',
      given: daily({ behind: true, autoRefresh: false }),
      waiting: { daily: 'auto_refresh_off' },
    },
    {
      rule: 'auto-refresh off: a refresh that was asked for runs',
      given: daily({ autoRefresh: false, forced: 1, builtVector: { 't:traffic': 7, d: 1, f: 0 } }),
      ready: ['daily'],
    },
  ],
  'what stops a model': [
    {
      rule: 'paused: not refreshed, even when asked for',
      given: daily({ behind: true, paused: true, forced: 1 }),
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
      rule: 'of a missing and a held input the held one is named: it needs a person',
      given: {
        streams: { orders: { exists: false }, traffic: { held: true } },
        models: { daily: { reads: ['orders', 'traffic'], neverBuilt: true } },
      },
      waiting: { daily: 'input_held' },
    },
    {
      rule: 'three failures on the same inputs: given up',
      given: daily({ behind: true, failedOnThis: true, failures: 3, vectorFailures: 3 }),
      waiting: { daily: 'given_up' },
    },
    {
      rule: 'one failure that trying again cannot mend: given up',
      given: daily({ behind: true, failedOnThis: true, failures: 1, vectorFailures: 1, failureFinal: true }),
      waiting: { daily: 'given_up' },
    },
    {
      rule: 'eight attempts in a row that ended with their process: given up',
      given: daily({ behind: true, failedOnThis: true, interruptions: 8 }),
      waiting: { daily: 'given_up' },
    },
    {
      rule: 'given up for other inputs than these: tried again',
      given: daily({
        behind: true,
        failedVector: { 't:traffic': 6, d: 1, f: 0 },
        failures: 3,
        vectorFailures: 3,
        failureFinal: true,
      }),
      ready: ['daily'],
    },
    {
      rule: 'given up, then asked for by a person: tried again',
      given: daily({
        forced: 1,
        builtVector: { 't:traffic': 6, d: 1, f: 0 },
        failedVector: { 't:traffic': 7, d: 1, f: 0 },
        failures: 3,
        vectorFailures: 3,
      }),
      ready: ['daily'],
    },
    {
      rule: 'a deleted model is not spoken of',
      given: daily({ behind: true, deleted: true }),
    },
  ],
  'what puts a refresh off': [
    {
      rule: 'a live lease: it runs already',
      given: daily({ behind: true, leaseUntil: now + 1 }),
      waiting: { daily: 'running' },
    },
    {
      rule: 'a lease that expired is that of a dead worker',
      given: daily({ behind: true, leaseUntil: now }),
      ready: ['daily'],
    },
    {
      rule: 'backoff after a failure, past max wait too',
      given: daily({ behind: true, failures: 1, retryAt: now + 1, owedSince: 0 }),
      waiting: { daily: 'backoff' },
    },
    {
      rule: 'backoff after an attempt that ended with its process',
      given: daily({ behind: true, failedOnThis: true, interruptions: 1, retryAt: now + 1 }),
      waiting: { daily: 'interrupted' },
    },
    {
      rule: 'backoff that has passed',
      given: daily({ behind: true, failures: 1, retryAt: now }),
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
