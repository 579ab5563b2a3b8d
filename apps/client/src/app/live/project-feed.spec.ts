import type { ProjectEvent } from '@freshet/contracts';
import { ProjectFeed } from './project-feed';
import type { MissedEvents } from './project-feed';

const event = (seq: number | null): ProjectEvent => ({
  name: 'sync:started',
  projectId: 'p1',
  seq,
  payload: { sourceId: 's1', runId: `r${seq ?? ''}` },
  at: '2026-11-21T14:00:00Z',
});

/** A server that knows all events up to `seq`, and hands out two at a time. */
const feedFrom = (server: { seq: number; fails?: boolean }) => {
  const delivered: (number | null)[] = [];
  const asked: number[] = [];
  let resyncs = 0;
  const feed = new ProjectFeed({
    missed: (after): Promise<MissedEvents> => {
      asked.push(after);
      if (server.fails) return Promise.reject(new Error('offline'));
      const items = Array.from({ length: Math.min(2, server.seq - after) }, (_, i) => event(after + 1 + i));
      return Promise.resolve({ items, nextCursor: null, seq: server.seq });
    },
    deliver: ({ seq }) => delivered.push(seq),
    resync: () => resyncs++,
  });
  return { feed, delivered, asked, resyncs: () => resyncs };
};

describe('the feed of a project', () => {
  it('delivers events in order without asking for anything', () => {
    const { feed, delivered, asked } = feedFrom({ seq: 7 });
    feed.reached(5);
    feed.receive(event(6));
    feed.receive(event(7));
    expect(delivered).toEqual([6, 7]);
    expect(asked).toEqual([]);
  });

  it('fetches what a gap left out, page by page, and delivers everything once and in order', async () => {
    const { feed, delivered, asked } = feedFrom({ seq: 10 });
    feed.reached(5);
    feed.receive(event(9));
    feed.receive(event(10));
    await feed.settled();
    expect(delivered).toEqual([6, 7, 8, 9, 10]);
    expect(asked).toEqual([5, 7, 9]);
  });

  it('delivers no event twice', async () => {
    const { feed, delivered } = feedFrom({ seq: 7 });
    feed.reached(5);
    feed.receive(event(7));
    feed.receive(event(6));
    await feed.settled();
    feed.receive(event(6));
    feed.receive(event(7));
    expect(delivered).toEqual([6, 7]);
  });

  it('notices by a heartbeat that the last message was lost', async () => {
    const { feed, delivered } = feedFrom({ seq: 6 });
    feed.reached(5);
    feed.reached(6);
    await feed.settled();
    expect(delivered).toEqual([6]);
  });

  it('passes progress on at once, since it has no place in the order', () => {
    const { feed, delivered } = feedFrom({ seq: 5 });
    feed.reached(5);
    feed.receive(event(null));
    expect(delivered).toEqual([null]);
  });

  it('asks for a new reading when it first learns where the project is', () => {
    const { feed, resyncs } = feedFrom({ seq: 5 });
    feed.reached(5);
    expect(resyncs()).toBe(1);
  });

  it('asks for a new reading instead of replaying a very long absence', async () => {
    const { feed, delivered, resyncs } = feedFrom({ seq: 5_000 });
    feed.reached(5);
    feed.reached(5_000);
    await feed.settled();
    expect(delivered).toEqual([]);
    expect(resyncs()).toBe(2);
    expect(feed.last).toBe(5_000);
  });

  it('tries again with the next heartbeat when fetching failed', async () => {
    const server = { seq: 6, fails: true };
    const { feed, delivered } = feedFrom(server);
    feed.reached(5);
    feed.reached(6);
    await feed.settled();
    expect(delivered).toEqual([]);
    server.fails = false;
    feed.reached(6);
    await feed.settled();
    expect(delivered).toEqual([6]);
  });

  it('says nothing once it is closed', async () => {
    const { feed, delivered } = feedFrom({ seq: 7 });
    feed.reached(5);
    feed.receive(event(7));
    feed.close();
    await feed.settled();
    feed.receive(event(6));
    expect(delivered).toEqual([]);
  });
});
