import { explainSkip, spokenDuration, type SkipReason } from './skip-reasons';

const now = 1_000;

test.each<[SkipReason, RegExp]>([
  [{ code: 'deleted' }, /was deleted/],
  [{ code: 'model_deleted' }, /was deleted/],
  [{ code: 'input_deleted', input: 'orders' }, /^orders.*keeps its last version; change its SQL/],
  [{ code: 'input_missing', input: 'orders' }, /^Waits for orders.*no data yet/],
  [{ code: 'input_held', input: 'orders' }, /^orders.*release the sync/],
  [{ code: 'paused' }, /resume it/],
  [{ code: 'auto_refresh_off' }, /turn auto-refresh on/],
  [{ code: 'given_up', failures: 3, final: false }, /failed 3 times on the same inputs.*when you ask/],
  [{ code: 'given_up', failures: 1, final: true }, /trying again cannot mend.*when you ask/],
  [{ code: 'running' }, /right now/],
  [{ code: 'backoff', failures: 1, until: now + 1_500 }, /failed 1 time; the next attempt is in 2 s/],
  [{ code: 'upstream_owed', upstream: 'daily' }, /^Waits for daily/],
  [{ code: 'source_syncing', source: 'GA' }, /running sync of GA/],
  [{ code: 'in_line', ahead: 1 }, /1 refresh goes first/],
  [{ code: 'up_to_date' }, /^Nothing it reads has changed/],
  [{ code: 'upstream_failed', upstream: 'daily' }, /^daily.*failed; it stays on its version/],
  [{ code: 'overtaken' }, /later refresh/],
  [{ code: 'definition_changed' }, /SQL was changed while/],
  [{ code: 'held_meanwhile' }, /was held while/],
])('%j is told in one plain sentence', (reason, sentence) => {
  expect(explainSkip(reason, now)).toMatch(sentence);
  expect(explainSkip(reason, now)).toMatch(/^[A-Za-z].*\.$/);
});

test.each([
  [-5, '0 s'],
  [1, '1 s'],
  [119_000, '119 s'],
  [121_000, '3 min'],
  [7_200_000, '2 h'],
])('%i ms is spoken as %s', (milliseconds, spoken) => {
  expect(spokenDuration(milliseconds)).toBe(spoken);
});
