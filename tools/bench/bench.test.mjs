import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readOptions } from './options.mjs';
import { tableOf } from './report.mjs';

describe('the command line of the benchmarks', () => {
  const names = ['load', 'refresh'];

  it('measures everything on a million rows when nothing is said', () => {
    assert.deepEqual(readOptions([], names), { rows: 1_000_000, rounds: 3, only: [] });
  });

  it('takes a size, a number of rounds and the cases', () => {
    const args = ['--rows', '200_000', '--rounds=5', 'refresh'];
    assert.deepEqual(readOptions(args, names), { rows: 200_000, rounds: 5, only: ['refresh'] });
  });

  it('says in one sentence what it does not understand', () => {
    assert.throws(() => readOptions(['lood'], names), /There is no case "lood": choose from load, refresh/);
    assert.throws(() => readOptions(['--rows', 'many'], names), /--rows is "many"/);
    assert.throws(() => readOptions(['--fast'], names), /--fast/);
  });
});

it('tells a goal that is met, one that is missed, and a case that could not be measured', () => {
  const [faster, quick] = [
    { atLeast: 0.75, unit: '×' },
    { atMost: 50, unit: 'ms' },
  ];
  const table = tableOf([
    { name: 'load', goal: faster, value: 0.8, met: true, detail: 'fine' },
    { name: 'begin', goal: quick, value: 61.27, met: false, detail: 'slow' },
    { name: 'end', goal: quick, error: 'no end' },
  ]);
  assert.equal(
    table.replaceAll(/ +/g, ' '),
    [
      '| case | goal | value | met | detail |',
      '| ----- | -------- | ------- | ------ | ------ |',
      '| load | ≥ 0.75 × | 0.80 × | yes | fine |',
      '| begin | ≤ 50 ms | 61.3 ms | no | slow |',
      '| end | ≤ 50 ms | — | failed | no end |',
    ].join('\n'),
  );
});
