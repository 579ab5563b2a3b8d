import { useRedis, waitFor } from '@freshet/testing';
import { Redis } from 'ioredis';
import { PacerDesk, type Pace } from './pacer';
import { LocalTurns } from './local-turns';
import { RedisTurns } from './redis-turns';
import type { Turns } from './turns';

const never = new AbortController().signal;

describe.each(['in Redis', 'in one process'])('turns kept %s', (kept) => {
  const redis = useRedis();
  const open: RedisTurns[] = [];
  let local: LocalTurns;
  let account = 0;
  beforeEach(() => (local = new LocalTurns()));
  afterAll(() => open.forEach((turns) => turns.close()));

  const turns = async (): Promise<Turns> => {
    if (kept === 'in one process') return local;
    const made = RedisTurns.connect(redis.url);
    open.push(made);
    await waitFor(() => made.end({ id: '', source: '', pace: { key: 'warm-up' } }).then(() => true));
    return made;
  };
  /** As many processes as wished, each with a connection of its own. */
  const processes = (count: number): Promise<PacerDesk[]> =>
    Promise.all(Array.from({ length: count }, async () => new PacerDesk({ shared: await turns() })));
  const paceOf = (limits: Omit<Pace, 'key'>): Pace => ({ key: `vendor:${++account}`, ...limits });

  it('let no more requests be under way at once than allowed, over all processes', async () => {
    const pace = paceOf({ atOnce: 3 });
    let [underWay, most] = [0, 0];
    const ask = async (desk: PacerDesk, source: string): Promise<void> => {
      const done = await desk.of(source)(pace, never);
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      done();
    };
    const desks = await processes(3);
    await Promise.all(desks.flatMap((desk, at) => Array.from({ length: 10 }, () => ask(desk, String(at)))));
    expect(most).toBe(3);
  });

  it('let no more requests begin within a second than allowed, and tell when the next may', async () => {
    const [order, pace] = [await turns(), paceOf({ perSecond: 8, perMinute: 1_000 })];
    const answers: number[] = [];
    for (let id = 0; id < 12; id++) answers.push(await order.ask({ id: String(id), source: '1', pace }));
    expect(answers.map((wait) => wait > 0)).toEqual([...Array(8).fill(false), ...Array(4).fill(true)]);
    expect(Math.max(...answers)).toBeLessThanOrEqual(1_000);
    const [desk] = (await processes(1)) as [PacerDesk];
    await order.end({ id: '8', source: '1', pace });
    (await desk.of('2')(pace, never))();
  });

  it('serve the sources of one account in turn, however much one of them asks for', async () => {
    const pace = paceOf({ atOnce: 1 });
    const order = await turns();
    const request = (source: string, id: string) => ({ source, id, pace });
    const greedy = ['a', 'b', 'c'].map((id) => request('greedy', id));
    const modest = request('modest', 'd');
    const isServed = async (one: ReturnType<typeof request>): Promise<boolean> =>
      (await order.ask(one)) === 0;
    expect(await Promise.all([...greedy, modest].map(isServed))).toEqual([true, false, false, false]);
    const served: string[] = [];
    for (let [last] = greedy; last;) {
      await order.end(last);
      const waiting = [...greedy.slice(1), modest].filter(({ id }) => !served.includes(id));
      last = undefined;
      for (const one of waiting) if (await isServed(one)) served.push((last = one).id);
    }
    expect(served).toEqual(['d', 'b', 'c']);
  });

  it('let go of who does not want to wait any more', async () => {
    const pace = paceOf({ atOnce: 1 });
    const [desk] = (await processes(1)) as [PacerDesk];
    const first = await desk.of('1')(pace, never);
    const controller = new AbortController();
    const waiting = desk.of('2')(pace, controller.signal);
    controller.abort(new Error('not any more'));
    await expect(waiting).rejects.toThrow('not any more');
    first();
    (await desk.of('3')(pace, never))();
  });

  it('keep accounts apart', async () => {
    const [desk] = (await processes(1)) as [PacerDesk];
    await desk.of('1')(paceOf({ atOnce: 1 }), never);
    await desk.of('1')(paceOf({ atOnce: 1 }), never);
  });
});

describe('a shared pace', () => {
  const redis = useRedis();

  it('frees the turns of a process that was killed, after a while', async () => {
    const turns = RedisTurns.connect(redis.url);
    const pace: Pace = { key: 'killed', atOnce: 1 };
    await waitFor(async () => (await turns.ask({ id: 'dead', source: '1', pace })) === 0);
    expect(await turns.ask({ id: 'next', source: '2', pace })).toBeGreaterThan(0);
    const direct = new Redis(redis.url);
    const expiry = Number(await direct.zscore('freshet:pace:{killed}:turns', 'dead'));
    const [seconds] = await direct.time();
    expect(expiry / 1_000 - Number(seconds)).toBeLessThanOrEqual(91);
    await direct.zadd('freshet:pace:{killed}:turns', 1, 'dead');
    direct.disconnect();
    expect(await turns.ask({ id: 'next', source: '2', pace })).toBe(0);
    turns.close();
  });

  it('is kept by each process for itself while Redis is away, and together again when it is back', async () => {
    const alone: string[] = [];
    const turns = RedisTurns.connect(redis.url);
    const desk = new PacerDesk({ shared: turns, onAlone: ({ message }) => alone.push(message) });
    const pace: Pace = { key: 'away', atOnce: 1 };
    await waitFor(() => turns.end({ id: '', source: '', pace }).then(() => true));
    (await desk.of('1')(pace, never))();
    expect(alone).toEqual([]);
    await redis.kill9();
    (await desk.of('1')(pace, never))();
    expect(alone.length).toBeGreaterThan(0);
    await redis.restart();
    await waitFor(async () => {
      const before = alone.length;
      (await desk.of('1')(pace, never))();
      return alone.length === before;
    });
    turns.close();
  });
});
