import type { ProjectEvent } from '@freshet/contracts';
import fc from 'fast-check';
import { EventFeed } from './event-feed';

const event = (seq: number): ProjectEvent => ({
  name: 'sync:started',
  projectId: '1',
  seq,
  payload: { sourceId: '1', runId: '1' },
  at: '',
});

/** A table of events that the feed reads, and what it delivered. */
function feedOver(stored: number[]) {
  const delivered: number[] = [];
  const errors: unknown[] = [];
  const reads = { fail: false };
  const feed = new EventFeed({
    store: {
      list: async (_, after, limit) => {
        if (reads.fail) throw new Error('The database is away');
        return stored
          .filter((seq) => seq > after)
          .slice(0, limit)
          .map(event);
      },
      seqs: async (ids) => new Map(ids.map((id) => [id, stored.at(-1) ?? 0])),
    },
    deliver: ({ seq }) => void delivered.push(seq ?? 0),
    onError: (err) => void errors.push(err),
  });
  return { feed, delivered, errors, reads };
}

describe('the event feed', () => {
  it('delivers every event once and in order, whatever notifications are lost, doubled or come early', async () => {
    const step = fc.oneof(
      fc.constant('commit' as const),
      fc.constant('catch up' as const),
      fc.constant('rest' as const),
      // A notification of an event that many or few others have followed.
      fc.nat(4).map((behind) => ({ behind })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const stored: number[] = [1, 2, 3];
        const { feed, delivered } = feedOver(stored);
        await feed.watch('1');
        for (const each of steps) {
          const latest = stored.at(-1) ?? 0;
          if (each === 'commit') stored.push(latest + 1);
          else if (each === 'catch up') await feed.catchUp();
          else if (each === 'rest') await feed.settled();
          else feed.notified('1', latest - each.behind);
        }
        await feed.catchUp();
        await feed.settled();
        expect(delivered).toEqual(stored.slice(3));
      }),
      { numRuns: 200 },
    );
  });

  it('delivers more than one batch', async () => {
    const stored = [1];
    const { feed, delivered } = feedOver(stored);
    await feed.watch('1');
    for (let seq = 2; seq <= 1_000; seq++) stored.push(seq);
    feed.notified('1', 1_000);
    await feed.settled();
    expect(delivered).toEqual(stored.slice(1));
  });

  it('delivers what it could not read as soon as it can', async () => {
    const stored = [1];
    const { feed, delivered, errors, reads } = feedOver(stored);
    await feed.watch('1');
    stored.push(2, 3);
    reads.fail = true;
    feed.notified('1', 3);
    await feed.settled();
    expect([delivered, errors.length]).toEqual([[], 1]);
    reads.fail = false;
    await feed.catchUp();
    await feed.settled();
    expect(delivered).toEqual([2, 3]);
  });

  it('does not wait for events that retention has removed', async () => {
    const stored = [1];
    const { feed, delivered } = feedOver(stored);
    await feed.watch('1');
    stored.push(4);
    feed.notified('1', 5);
    await feed.settled();
    stored.push(6);
    feed.notified('1', 6);
    await feed.settled();
    expect(delivered).toEqual([4, 6]);
  });

  it('delivers nothing of a project that nobody watches', async () => {
    const { feed, delivered } = feedOver([1, 2]);
    feed.notified('1', 2);
    await feed.watch('1');
    feed.unwatch('1');
    feed.notified('1', 2);
    await feed.settled();
    expect([delivered, feed.watched]).toEqual([[], []]);
  });
});
