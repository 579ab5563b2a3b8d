import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { FakeSocket, answer, clientWithoutNetwork, settle } from '../../testing/fake-server';
import { LiveUpdates } from './live-updates';

const connected = async (): Promise<{ live: LiveUpdates; socket: FakeSocket }> => {
  const live = TestBed.inject(LiveUpdates);
  const socket = TestBed.inject(FakeSocket);
  live.follow('p1');
  socket.listener?.connected();
  await settle();
  return { live, socket };
};

describe('live updates', () => {
  beforeEach(() => TestBed.configureTestingModule({ providers: clientWithoutNetwork() }));

  it('joins the room of the project, and is live from then on', async () => {
    const live = TestBed.inject(LiveUpdates);
    expect(live.connection()).toBe('off');
    live.follow('p1');
    expect(live.connection()).toBe('connecting');
    TestBed.inject(FakeSocket).listener?.connected();
    await settle();
    expect(live.connection()).toBe('live');
    expect(TestBed.inject(FakeSocket).subscribed).toEqual(['p1']);
  });

  it('hands an event to those who asked for its name, with its payload', async () => {
    const { live, socket } = await connected();
    const runs: string[] = [];
    TestBed.runInInjectionContext(() =>
      live.on(['sync:completed', 'sync:failed'], ({ payload }) => runs.push(payload.runId)),
    );
    socket.send('sync:completed', { sourceId: 's1', runId: 'r1', changed: true });
    socket.send('sync:started', { sourceId: 's1', runId: 'r2' });
    expect(runs).toEqual(['r1']);
    expect(live.seq()).toBe(12);
  });

  it('leaves out events of another project', async () => {
    const { live, socket } = await connected();
    const changes = TestBed.runInInjectionContext(() => live.changes('sync:started'));
    socket.listener?.received('sync:started', {
      name: 'sync:started',
      projectId: 'p2',
      seq: 11,
      payload: {},
      at: '',
    });
    expect(changes()).toBe(0);
  });

  it('tells which dashboard is on the screen, again after each reconnection, and when it is gone', async () => {
    const { live, socket } = await connected();
    const gone = live.watch('30');
    expect(socket.watched).toEqual(['+30']);
    socket.listener?.disconnected();
    socket.listener?.connected();
    await settle();
    expect(socket.watched).toEqual(['+30', '+30']);
    gone();
    expect(socket.watched.at(-1)).toBe('-30');
  });

  it('is right again after a reconnection, by fetching what happened meanwhile', async () => {
    const { live, socket } = await connected();
    const changes = TestBed.runInInjectionContext(() =>
      live.changes('sync:completed', ({ payload }) => payload.sourceId === 's1'),
    );
    socket.listener?.disconnected();
    expect(live.connection()).toBe('reconnecting');

    socket.seq = 12;
    socket.listener?.connected();
    await settle();
    expect(live.connection()).toBe('live');
    const missed = (seq: number, sourceId: string) => ({
      name: 'sync:completed',
      projectId: 'p1',
      seq,
      payload: { sourceId, runId: 'r', changed: true },
      at: '2026-11-21T14:00:00Z',
    });
    await answer('/api/projects/p1/events', {
      items: [missed(11, 's1'), missed(12, 's2')],
      nextCursor: null,
      seq: 12,
    });
    expect(changes()).toBe(1);
    expect(live.seq()).toBe(12);
  });

  it('repairs a lost message when the heartbeat of the room is ahead', async () => {
    const { socket } = await connected();
    socket.listener?.received('room:seq', { projectId: 'p1', seq: 11 });
    const request = TestBed.inject(HttpTestingController).expectOne(
      (r) => r.url === '/api/projects/p1/events',
    );
    expect(request.request.params.get('after')).toBe('10');
  });

  it('stays "reconnecting" while the room is refused, and goes on asking', async () => {
    const { live, socket } = await connected();
    jest.useFakeTimers();
    const refused = jest.spyOn(socket, 'subscribe').mockResolvedValue(null);
    socket.listener?.disconnected();
    socket.listener?.connected();
    await jest.advanceTimersByTimeAsync(0);
    expect(live.connection()).toBe('reconnecting');
    refused.mockRestore();
    await jest.advanceTimersByTimeAsync(5_000);
    jest.useRealTimers();
    expect(live.connection()).toBe('live');
  });

  it('leaves the room of the project before', async () => {
    const { live, socket } = await connected();
    live.follow('p2');
    await settle();
    expect(socket.subscribed).toEqual(['p2']);
  });

  it('closes the socket when no project is on the screen', async () => {
    const { live, socket } = await connected();
    live.follow(null);
    expect(socket.listener).toBeNull();
    expect(live.connection()).toBe('off');
  });

  it('stops calling a page that has gone', async () => {
    const { live, socket } = await connected();
    let calls = 0;
    const stop = TestBed.runInInjectionContext(() => live.on('sync:started', () => calls++));
    stop();
    socket.send('sync:started', { sourceId: 's1', runId: 'r1' });
    expect(calls).toBe(0);
  });
});
