import type { WhyAnswer } from '@freshet/contracts';
import { formatWhy } from './format-why';

const now = new Date('2026-01-02T12:00:00Z');
const answer: WhyAnswer = {
  subject: { kind: 'model', id: '1', name: 'daily' },
  sentence: 'daily shows version 3. Waits for base, which is refreshed first.',
  models: [
    {
      id: '1', name: 'daily', depth: 0, version: 3, publishedAt: '2026-01-02T11:57:00Z', owed: false, why: 'Waits for base, which is refreshed first.',
      lastRefresh: { id: '9', status: 'COMPLETED', why: 'ga.traffic went 3 → 4.', completedAt: '2026-01-02T11:57:00Z' },
    },
    { id: '2', name: 'base', depth: 1, version: null, publishedAt: null, owed: true, why: 'This is its first build.', lastRefresh: null },
  ],
  tables: [
    { name: 'ga.traffic', shown: 4, current: 5, movedBy: { runId: '12', trigger: 'schedule', completedAt: null } },
    { name: 'ga.orders', shown: null, current: 0, movedBy: null },
  ],
  asOf: [{ sourceId: '3', fromRunId: '10', toRunId: '11', completedAt: '2025-12-01T00:00:00Z' }],
}; // prettier-ignore

describe('the answer to why', () => {
  it('is one page: a sentence, the chain, the tables and what they contain', () => {
    expect(formatWhy(answer, { now, width: 80 })).toBe(
      `daily shows version 3. Waits for base, which is refreshed first.

Models, the nearest first
  daily: version 3, published 3 min ago
    Waits for base, which is refreshed first.
    last refresh 9: COMPLETED, 3 min ago: ga.traffic went 3 → 4.
  base: not built yet, owed
    This is its first build.

Tables
  ga.traffic: revision 4 shown, 5 now; last changed by sync run 12 (schedule),
    still going on
  ga.orders: revision 0, not shown yet

As of
  source 3: sync runs 10 to 11, completed on 2025-12-01`,
    );
  });

  it('fits the terminal, unless a word alone is wider', () => {
    const lines = formatWhy(answer, { now, width: 40 }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it('leaves out what there is nothing to say of', () => {
    expect(formatWhy({ ...answer, models: [], tables: [], asOf: [] }, { now, width: 80 })).toBe(
      answer.sentence,
    );
  });
});
