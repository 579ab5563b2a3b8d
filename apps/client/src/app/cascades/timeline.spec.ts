import type { Cascade } from '@freshet/contracts';
import { timelineOf } from './timeline';

const at = (second: number): string =>
  new Date(Date.UTC(2026, 0, 1, 12, 0, 0) + second * 1_000).toISOString();

const item = (change: Partial<Cascade['items'][number]>): Cascade['items'][number] => ({
  modelId: '1',
  modelName: 'daily',
  state: 'published',
  why: '',
  queuedAt: at(0),
  startedAt: at(1),
  publishedAt: at(3),
  refreshId: '9',
  waitedMs: 1_000,
  ranMs: 2_000,
  ...change,
});

const cascade = (items: Cascade['items'], completedAt: string | null = at(10)): Cascade => ({
  id: '5',
  projectId: 'p1',
  sourceId: null,
  runId: null,
  why: '',
  startedAt: at(0),
  completedAt,
  items,
  dashboards: [],
});

describe('the timeline of a cascade', () => {
  it('shows waiting and running as shares of the whole', () => {
    const { rows, length } = timelineOf(cascade([item({})]), 0);
    expect(length).toBe(10_000);
    expect(rows[0]).toMatchObject({ bar: { waitFrom: 0, waits: 10, runs: 20 }, endedAfter: 3_000 });
  });

  it('has no bar for a model that never began', () => {
    const skipped = item({
      state: 'skipped',
      queuedAt: null,
      startedAt: null,
      publishedAt: null,
      ranMs: null,
    });
    expect(timelineOf(cascade([skipped]), 0).rows[0]).toMatchObject({ bar: null, endedAfter: null });
  });

  it('lets what runs end now, and grows with it', () => {
    const running = item({ state: 'running', publishedAt: null, ranMs: null });
    const now = Date.parse(at(5));
    const { rows, length } = timelineOf(cascade([running], null), now);
    expect(length).toBe(5_000);
    expect(rows[0]).toMatchObject({ status: 'refreshing', bar: { waits: 20, runs: 80 }, endedAfter: null });
  });

  it('ends where an unchanged or failed model ended', () => {
    const unchanged = item({ state: 'unchanged', publishedAt: null });
    expect(timelineOf(cascade([unchanged]), 0).rows[0]?.endedAfter).toBe(3_000);
  });
});
