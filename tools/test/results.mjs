/** Counts what the test runners report, and shows where the time went. */
import { existsSync, readFileSync } from 'node:fs';

export const none = { passed: 0, failed: 0, skipped: 0 };

export const sum = (counts) =>
  counts.reduce(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      skipped: total.skipped + one.skipped,
    }),
    none,
  );

/** The very last line of `npm test`. */
export const summaryLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * From Jest's `--json` file. A suite that could not run counts as one failure, and so does a run that ended badly
 * although no test failed, or that wrote no file at all.
 */
export function jestCounts(file, code) {
  if (!existsSync(file)) return { ...none, failed: 1 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** `[{suite, seconds}]` of a `--json` file, slowest first. */
export function suiteDurations(file, root) {
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8'))
    .testResults.map(({ name, startTime, endTime }) => ({
      suite: name.replace(`${root}/`, ''),
      seconds: (endTime - startTime) / 1000,
    }))
    .sort((a, b) => b.seconds - a.seconds);
}

/** From the totals at the end of `node --test`. */
export function nodeTestCounts(output, code) {
  const total = (word) => Number(new RegExp(`^(?:ℹ|#) ${word} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const failed = total('fail') + total('cancelled');
  return {
    passed: total('pass'),
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: total('skipped') + total('todo'),
  };
}
