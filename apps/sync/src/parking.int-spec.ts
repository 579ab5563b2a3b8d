import { findOpenSyncRuns, cancelSyncRun } from '@freshet/persistence';
import { refusal } from './testing/day-vendor';
import { useSync } from './testing/use-sync';

const day = 86_400_000;

const sync = useSync();

describe('a run whose vendor has no quota left', () => {
  beforeEach(() => {
    sync.vendor.sales = [5, 6, 7, 8, 9, 10].map((number) => ({
      id: String(number),
      day: `2026-03-${String(number).padStart(2, '0')}`,
      amount: '1',
    }));
  });
  /** After so many slices nothing is given for so many seconds. */
  const exhaustAfter = (slices: number, seconds = 3_600): void => {
    let asked = 0;
    sync.vendor.mood = ({ path }) => {
      if (path === '/sales' && ++asked > slices)
        throw refusal(429, 'quota', { 'retry-after': String(seconds) });
    };
  };
  const parked = async (slices = 1): Promise<{ source: string; runId: string }> => {
    const source = await sync.addSource(['sales']);
    const runId = await sync.request(source);
    exhaustAfter(slices);
    expect(await sync.run(runId)).toBe('parked');
    return { source, runId };
  };

  it('waits until its quota is back, with what it has read, and holds nobody up meanwhile', async () => {
    const { source, runId } = await parked();
    expect(await sync.runRow(runId)).toMatchObject({
      status: 'waiting',
      waitingUntil: new Date(sync.clock.now().getTime() + 3_600_000),
      lease_until: null,
      error: null,
    });
    expect(await sync.row('select syncing_until from app.data_source where id = $1', [source])).toEqual({
      syncing_until: null,
    });
    expect(await sync.rows(source, 'sales', 'id')).toEqual(['5']);
    expect(await sync.events(runId)).toEqual(['sync:queued', 'sync:started', 'sync:waiting']);
  });

  it('goes on where it stopped when the time has come, without anybody’s hand', async () => {
    const { source, runId } = await parked(2);
    const open = async () =>
      (await findOpenSyncRuns(sync.plane.system, { now: sync.clock.now() })).map((each) => each.runId);
    expect(await open()).not.toContain(runId);
    expect(await sync.run(runId)).toBe('not to be run now');
    await sync.clock.advance(3_600_000);
    expect(await open()).toContain(runId);
    sync.vendor.forget();
    expect(await sync.run(runId)).toBe('completed');
    expect(sync.vendor.slicesAsked).toEqual(['2026-03-08 2026-03-11']);
    expect(await sync.rows(source, 'sales', 'id')).toHaveLength(6);
    expect(await sync.runStream(runId)).toMatchObject({ status: 'completed', inserted: 6, slices: 3 });
  });

  it('keeps other runs of its source behind it', async () => {
    const { source, runId } = await parked();
    const other = await sync.request(source, { full: true });
    expect(await sync.run(other)).toBe('not to be run now');
    await sync.clock.advance(3_600_000);
    sync.vendor.forget();
    await sync.run(runId);
    expect(await sync.run(other)).toBe('completed');
  });

  it('can be cancelled while it waits, and what it read stays', async () => {
    const { source, runId } = await parked();
    await sync.plane.systemTransaction((sql) => cancelSyncRun(sql, runId));
    await sync.clock.advance(3_600_000);
    expect(await sync.run(runId)).toBe('not to be run now');
    expect(await sync.runRow(runId)).toMatchObject({ status: 'cancelled' });
    expect(await sync.runStream(runId)).toMatchObject({ status: 'cancelled' });
    sync.vendor.forget();
    await sync.sync(source);
    expect(sync.vendor.slicesAsked[0]).toMatch(/^2026-03-06/);
  });

  it('waits again and again while it gets on, but fails after a week in which it got nothing', async () => {
    const { runId } = await parked(1);
    exhaustAfter(1, (3 * day) / 1_000);
    await sync.clock.advance(day);
    expect(await sync.run(runId)).toBe('parked');
    exhaustAfter(0, (3 * day) / 1_000);
    await sync.clock.advance(3 * day);
    expect(await sync.run(runId)).toBe('parked');
    await sync.clock.advance(3 * day);
    expect(await sync.run(runId)).toBe('failed');
    expect(await sync.runRow(runId)).toMatchObject({
      status: 'failed',
      error: { code: 'source_quota', message: expect.stringMatching(/no quota left since 2026-03-1/) },
    });
  });

  it('ends as cancelled when that was asked for in the moment of parking', async () => {
    const source = await sync.addSource(['sales']);
    const runId = await sync.request(source);
    sync.vendor.mood = async ({ path }) => {
      if (path !== '/sales') return;
      await sync.row('update app.sync_run set cancel_requested = true where id = $1', [runId]);
      throw refusal(429, 'quota', { 'retry-after': '3600' });
    };
    expect(await sync.run(runId)).toBe('cancelled');
    expect(await sync.runRow(runId)).toMatchObject({ status: 'cancelled' });
  });
});

describe('a backfill that is larger than its vendor’s quota', () => {
  it('of many sources ends by itself, day after day, without reading anything twice', async () => {
    const [days, sources, quota] = [30, 3, 5];
    sync.vendor.pageSize = 100;
    const today = sync.clock.now().getTime();
    const dayBefore = (number: number): string => new Date(today - number * day).toISOString().slice(0, 10);
    sync.vendor.sales = Array.from({ length: days }, (_, at) => ({
      id: String(at),
      day: dayBefore(at),
      amount: '1',
    }));
    const spent = new Map<string, number>();
    sync.vendor.mood = ({ path }) => {
      const date = sync.clock.now().toISOString().slice(0, 10);
      if (path !== '/sales') return;
      const count = (spent.get(date) ?? 0) + 1;
      const midnight = Date.parse(`${date}T00:00:00Z`) + day;
      const seconds = (midnight - sync.clock.now().getTime()) / 1_000;
      if (count > quota) throw refusal(429, 'quota', { 'retry-after': String(seconds) });
      spent.set(date, count);
    };
    const made = await Promise.all(
      Array.from({ length: sources }, () => sync.addSource(['sales'], { firstWindowDays: days })),
    );
    const runs = await Promise.all(made.map((source) => sync.request(source)));
    const open = async () => {
      const found = await findOpenSyncRuns(sync.plane.system, { now: sync.clock.now(), atOnce: true });
      return found.filter(({ runId }) => runs.includes(runId));
    };
    for (let rounds = 0; rounds < 16; rounds++) {
      for (const { runId } of await open()) await sync.run(runId);
      await sync.clock.advance(day / 2);
    }
    const rows = await Promise.all(made.map((source) => sync.rows(source, 'sales', 'id')));
    expect(rows.map(({ length }) => length)).toEqual(Array(sources).fill(days));
    const states = await Promise.all(runs.map((runId) => sync.runRow(runId)));
    expect(states.map(({ status }) => status)).toEqual(Array(sources).fill('completed'));
    expect([...spent.values()].every((count) => count <= quota)).toBe(true);
    const answered = sync.vendor.requests.filter(
      ({ path, status, query }) => path === '/sales' && status === 200 && query.get('page') === '0',
    );
    const slices = await sync.row<{ slices: number }>(
      'select sum(slices)::int as slices from app.sync_run_stream where run_id = any($1)',
      [runs],
    );
    expect(answered.length).toBe(slices.slices);
  });
});

describe('a run that reads the past again', () => {
  const window = { from: '2026-02-01', to: '2026-02-28' };

  it('makes room between its slices for one that reads what is new, and goes on after it', async () => {
    const today = sync.clock.now().toISOString().slice(0, 10);
    sync.vendor.sales = [{ id: '1', day: '2026-02-27', amount: '1' }, { id: '2', day: today, amount: '2' }]; // prettier-ignore
    const source = await sync.addSource(['sales']);
    const past = await sync.request(source, { window });
    let fresh = '';
    sync.vendor.mood = async ({ path, query }) => {
      if (path === '/sales' && query.get('from') === '2026-02-02') fresh = await sync.request(source);
    };
    expect(await sync.run(past)).toBe('made room for another run');
    const read = sync.vendor.slicesAsked.length;
    expect(await sync.runRow(past)).toMatchObject({ status: 'queued', lease_until: null });
    expect(await sync.run(past)).toBe('not to be run now');
    sync.vendor.forget();
    expect(await sync.run(fresh)).toBe('completed');
    expect(await sync.rows(source, 'sales', 'id')).toEqual(['2']);
    sync.vendor.forget();
    expect(await sync.run(past)).toBe('completed');
    expect([read, sync.vendor.slicesAsked[0]]).toEqual([2, '2026-02-04 2026-02-08']);
    expect(await sync.rows(source, 'sales', 'id')).toEqual(['1', '2']);
  });

  it('is not put off by another of its kind', async () => {
    const source = await sync.addSource(['sales']);
    const past = await sync.request(source, { window });
    await sync.request(source, { window: { from: '2026-01-01', to: '2026-01-05' } });
    expect(await sync.run(past)).toBe('completed');
  });
});

describe('runs of many organizations', () => {
  it('take turns: nobody’s first run waits for another’s second', async () => {
    const other = await sync.row<{ id: string }>(
      `insert into app.organization (name, slug) values ('Globex', 'globex') returning id`,
    );
    await sync.row(`update app.sync_run set status = 'cancelled' where status <> 'completed'`);
    const asked: string[] = [];
    for (let each = 0; each < 3; each++) asked.push(await sync.request(await sync.addSource(['sales'])));
    const [first, second, third] = asked;
    await sync.row('update app.sync_run set organization_id = $1 where id = $2', [other.id, third]);
    const now = new Date();
    const open = await findOpenSyncRuns(sync.plane.system, { now, atOnce: true });
    expect(open.map(({ runId, rank }) => [runId, rank])).toEqual([[first, 0], [third, 0], [second, 1]]); // prettier-ignore
    for (const run of open.toReversed()) await sync.bus.enqueueSync(run);
    const jobs = await sync.bus.queue('sync').getPrioritized();
    expect(jobs.at(-1)?.data).toMatchObject({ runId: second });
  });
});
