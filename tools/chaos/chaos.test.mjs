import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readOptions } from './options.mjs';
import { tableOf } from './report.mjs';

describe('the command line of chaos', () => {
  it('draws a seed and lasts five minutes when nothing is said', () => {
    const { seed, seconds, together } = readOptions([]);
    assert.deepEqual([Number.isInteger(seed), seconds, together], [true, 300, true]);
  });

  it('repeats a run by its seed', () => {
    assert.deepEqual(readOptions(['--seed', '7', '--minutes', '0.5', '--each']), {
      seed: 7,
      seconds: 30,
      together: false,
    });
  });

  it('reads a year of twenty properties when no more than quotas is asked for', () => {
    const quota = { properties: 20, days: 365, reports: [], factor: 240, priceFactor: 40 };
    assert.deepEqual(readOptions(['--quota']), { quota });
    const asked = ['--quota', '--properties', '2', '--days', '30', 'traffic'];
    assert.deepEqual(readOptions(asked), {
      quota: { ...quota, properties: 2, days: 30, reports: ['traffic'] },
    });
    assert.throws(() => readOptions(['--quota', '--days', '0']), /--days is "0"/);
  });

  it('says in one sentence what it does not understand', () => {
    assert.throws(() => readOptions(['--seed', 'x']), /--seed is "x"/);
    assert.throws(() => readOptions(['--minutes', '0']), /--minutes is "0"/);
    assert.throws(() => readOptions(['--hours', '1']), /--hours/);
  });
});

it('tells the figures of a run', () => {
  const figures = {
    syncs: { completed: 40, failed: 2 },
    refreshes: { COMPLETED: 90 },
    published: 60,
    unchanged: 30,
    kills: 12,
    killsOf: { refresh: 8, sync: 3 },
    failpointKills: { 'sync.before-end': 1 },
    stops: {},
    redisLosses: 2,
    postgresStops: 1,
    dropped: { commit: 3 },
    connectionsReset: 4,
    locksHeld: 2,
    networkFaults: { cut: 1 },
    reads: 1_000,
    readsDuringFaultsWithoutAnswer: 5,
    lostUpdates: 0,
    publishedTwice: 0,
    recovery: { shocks: 11, p50: 1_540, p95: 4_000, max: null },
  };
  const table = tableOf({ figures, findings: [], verify: null }).replaceAll(/ +/g, ' ');
  for (const line of [
    '| sync runs | 42 (completed 40, failed 2) |',
    '| kills | 12 (refresh 8, sync 3; 1 at failpoints) |',
    '| recovery p50; p95; longest | 1.5 s; 4.0 s; – (11 times) |',
  ])
    assert.ok(table.includes(line), line);
});
