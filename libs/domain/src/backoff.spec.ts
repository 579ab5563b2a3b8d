import { backoffAfter } from './backoff';

test.each([
  ['nothing failed', 0, [2, 8], 0],
  ['the first failure', 1, [2, 8], 2],
  ['the second', 2, [2, 8], 8],
  ['beyond the list its last entry holds', 9, [2, 8], 8],
  ['an empty list', 1, [], 0],
])('%s', (_what, failures, backoff, wait) => {
  expect(backoffAfter(failures, backoff)).toBe(wait);
});
