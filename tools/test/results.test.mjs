import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { jestCounts, nodeTestCounts, suiteDurations, sum, summaryLine } from './results.mjs';

describe('the sum of all tests', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'freshet-results-'));
  const file = path.join(folder, 'jest.json');
  after(() => rmSync(folder, { recursive: true }));
  const report = (changes) =>
    writeFileSync(
      file,
      JSON.stringify({
        numPassedTests: 7,
        numFailedTests: 0,
        numRuntimeErrorTestSuites: 0,
        numPendingTests: 2,
        numTodoTests: 1,
        testResults: [
          { name: '/w/libs/a.spec.ts', startTime: 0, endTime: 500 },
          { name: '/w/libs/b.spec.ts', startTime: 0, endTime: 1500 },
        ],
        ...changes,
      }),
    );

  it('counts tests, and suites that could not run as failures', () => {
    report({ numRuntimeErrorTestSuites: 1, numFailedTests: 2 });
    assert.deepEqual(jestCounts(file, 1), { passed: 7, failed: 3, skipped: 3 });
  });

  it('never takes a bad end or a missing report for success', () => {
    report({});
    assert.equal(jestCounts(file, 1).failed, 1);
    assert.equal(jestCounts(file, 0).failed, 0);
    assert.equal(jestCounts(path.join(folder, 'nothing.json'), 0).failed, 1);
    assert.equal(nodeTestCounts('', 1).failed, 1);
  });

  it('reads the totals of the Node runner', () => {
    const output = '✔ a\nℹ tests 9\nℹ pass 6\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\n';
    assert.deepEqual(nodeTestCounts(output, 1), { passed: 6, failed: 2, skipped: 1 });
  });

  it('adds up to one line', () => {
    const counts = [
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 3, failed: 1, skipped: 0 },
    ];
    assert.equal(summaryLine(sum(counts)), '4 passed, 1 failed, 2 skipped');
  });

  it('lists the slowest suites first', () => {
    report({});
    assert.deepEqual(suiteDurations(file, '/w'), [
      { suite: 'libs/b.spec.ts', seconds: 1.5 },
      { suite: 'libs/a.spec.ts', seconds: 0.5 },
    ]);
  });
});
