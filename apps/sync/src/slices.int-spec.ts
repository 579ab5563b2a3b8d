import { armFailpoints } from '@freshet/service-kit';
import { waitFor } from '@freshet/testing';
import { refusal } from './testing/day-vendor';
import { useSync } from './testing/use-sync';

const days = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `2026-03-${String(from + at).padStart(2, '0')}`);

const sync = useSync();

describe('a stream that is cut by days', () => {
  const sell = (from: number, to: number, each = 2): void => {
    sync.vendor.sales = days(from, to).flatMap((day, at) =>
      Array.from({ length: each }, (_, n) => ({
        id: String(2n ** 60n + BigInt(100 * at + n)),
        day,
        amount: `${at}.50`,
      })),
    );
  };
  const truth = (): string[] =>
    sync.vendor.sales.map(({ id, day, amount }) => `${id} ${day} ${amount}`).sort();
  const sales = (sourceId: string): Promise<string[]> => sync.rows(sourceId, 'sales', 'id, day, amount');

  const oneDayAtOnce = (): void => {
    sync.vendor.mood = ({ path, query }) => {
      const days = (Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '')) / 86_400_000;
      if (path === '/sales' && days > 1) throw refusal(400, 'too_large');
    };
  };

  it('is read from its first window to today in the account’s zone, slice by slice, each committed whole', async () => {
    sell(1, 10);
    const source = await sync.addSource(['sales']);
    const run = await sync.sync(source);
    expect(await sales(source)).toEqual(truth().filter((line) => !/-0[1-4] /.test(line)));
    expect(sync.vendor.slicesAsked).toEqual([
      '2026-03-05 2026-03-06',
      '2026-03-06 2026-03-08',
      '2026-03-08 2026-03-11',
    ]);
    expect(await sync.runStream(run)).toMatchObject({
      status: 'completed',
      slices: 3,
      received: 12,
      inserted: 12,
    });
    expect(await sync.stream(source, 'sales')).toMatchObject({
      time_zone: 'America/New_York',
      currency: 'USD',
      revision: '3',
      checkpoint: { readOn: '2026-03-10', pass: null, days: 4 },
    });
    expect(await sync.row('select account from app.data_source where id = $1', [source])).toEqual({
      account: sync.vendor.account,
    });
  });

  it('is read again from some days before, where rows changed, came and went', async () => {
    sell(5, 10);
    const source = await sync.addSource(['sales']);
    await sync.sync(source);
    const [changed, gone] = sync.vendor.sales.slice(-3);
    sync.vendor.sales = sync.vendor.sales.filter((sale) => sale !== gone);
    Object.assign(changed ?? {}, { amount: '99.99' });
    sync.vendor.sales.push({ id: '7', day: '2026-03-09', amount: '1' });
    sync.vendor.forget();
    const run = await sync.sync(source);
    expect(sync.vendor.slicesAsked).toEqual(['2026-03-08 2026-03-11']);
    expect(await sync.runStream(run)).toMatchObject({ inserted: 1, updated: 1, deleted: 1, unchanged: 4 });
    expect(await sales(source)).toEqual(truth());
    const again = await sync.sync(source);
    expect(await sync.runStream(again)).toMatchObject({ inserted: 0, updated: 0, deleted: 0, unchanged: 6 });
    expect(await sync.stream(source, 'sales')).toMatchObject({ revision: '4' });
  });

  it('goes on after an interruption at the first slice that was not committed', async () => {
    sell(1, 10);
    const source = await sync.addSource(['sales']);
    armFailpoints('load.before-commit=throw@3');
    expect(await sync.runRow(await sync.sync(source))).toMatchObject({ status: 'failed' });
    expect(await sales(source)).toHaveLength(6);
    armFailpoints(undefined);
    sync.vendor.forget();
    await sync.sync(source);
    expect(sync.vendor.slicesAsked).toEqual(['2026-03-08 2026-03-11']);
    expect(await sales(source)).toHaveLength(12);
  });

  it('is not read again in a run that goes on with other streams', async () => {
    sell(9, 10);
    sync.vendor.list = [{ name: 'a' }];
    const source = await sync.addSource(['sales', 'list']);
    const runId = await sync.request(source);
    const shutdown = new AbortController();
    sync.vendor.mood = ({ path }) => void (path === '/list' && shutdown.abort());
    expect(await sync.run(runId, sync.newProcess(), shutdown.signal)).toBe('left for another process');
    sync.vendor.forget();
    await sync.row(`update app.sync_run set lease_until = now() - interval '1 second' where id = $1`, [
      runId,
    ]);
    expect(await sync.run(runId)).toBe('completed');
    expect(sync.vendor.requests.map(({ path }) => path)).toEqual(['/account', '/list']);
    expect(await sync.runRow(runId)).toMatchObject({ status: 'completed', attempt: 2 });
  });

  it('stops within a slice when the run is cancelled, though its vendor does not answer', async () => {
    sell(1, 10);
    const source = await sync.addSource(['sales']);
    const runId = await sync.request(source);
    sync.vendor.mood = async ({ query }) => {
      if (query.get('from') !== '2026-03-06') return;
      await sync.row('update app.sync_run set cancel_requested = true where id = $1', [runId]);
      await new Promise(() => undefined);
    };
    expect(await sync.run(runId)).toBe('cancelled');
    expect(await sync.runRow(runId)).toMatchObject({ status: 'cancelled', inserted: '2' });
    expect(await sync.row('select syncing_until from app.data_source where id = $1', [source])).toEqual({
      syncing_until: null,
    });
  });

  it('is written by one process alone when another has taken the run over', async () => {
    sell(1, 10);
    const source = await sync.addSource(['sales']);
    const runId = await sync.request(source);
    let other = '';
    sync.vendor.mood = async ({ query }) => {
      if (query.get('from') !== '2026-03-06' || other !== '') return;
      other = 'on its way';
      await sync.row(`update app.sync_run set status = 'queued', lease_until = null where id = $1`, [runId]);
      other = await sync.run(runId, sync.newProcess());
    };
    const outcome = await sync.run(runId, sync.newProcess());
    expect(outcome).toBe('taken over by another process');
    await waitFor(() => other === 'completed');
    expect(await sales(source)).toHaveLength(12);
    expect(await sync.runStream(runId)).toMatchObject({ received: 12, inserted: 12, slices: 3 });
  });

  it('begins a slice again when its vendor forgot the page or changed it midway', async () => {
    sell(9, 10, 6);
    const source = await sync.addSource(['sales'], { firstWindowDays: 1 });
    let troubles = 0;
    sync.vendor.mood = ({ path, query }) => {
      if (path !== '/sales' || query.get('page') !== '1' || troubles > 1) return;
      troubles += 1;
      if (troubles === 1) throw refusal(400, 'page_expired');
      sync.vendor.sales.push({ id: '5', day: '2026-03-09', amount: '5' });
    };
    const run = await sync.sync(source);
    expect(await sync.runRow(run)).toMatchObject({ status: 'completed' });
    expect(await sales(source)).toEqual(truth());
    expect(sync.vendor.slicesAsked.filter((slice) => slice === '2026-03-09 2026-03-10')).toHaveLength(2);
  });

  it('gives up a slice that its vendor forgets again and again, and says so', async () => {
    sell(9, 10, 6);
    const source = await sync.addSource(['sales'], { firstWindowDays: 1 });
    sync.vendor.mood = ({ query }) => {
      if (query.get('page') === '1') throw refusal(400, 'page_expired');
    };
    expect(await sync.runRow(await sync.sync(source))).toMatchObject({
      status: 'failed',
      error: { code: 'source_page_expired' },
    });
    expect(sync.vendor.slicesAsked).toHaveLength(4);
  });

  it('asks for fewer days where its vendor finds them too many', async () => {
    sell(1, 10);
    const source = await sync.addSource(['sales']);
    oneDayAtOnce();
    await sync.sync(source);
    expect(await sales(source)).toHaveLength(12);
    expect(sync.vendor.slicesAsked).toContain('2026-03-06 2026-03-08');
  });

  it('is replaced by moments where its cursor is one, with the days of the account also when clocks change', async () => {
    sync.vendor.sales = [
      { id: '1', day: '2026-03-08', at: '2026-03-08T05:00:00Z', amount: '1' },
      { id: '2', day: '2026-03-08', at: '2026-03-09T03:59:59Z', amount: '1' },
      { id: '3', day: '2026-03-09', at: '2026-03-09T04:00:00Z', amount: '1' },
    ];
    oneDayAtOnce();
    const source = await sync.addSource(['moments'], { firstWindowDays: 3 });
    const run = await sync.sync(source);
    expect(await sync.runStream(run)).toMatchObject({ inserted: 3, rejected: 0 });
    sync.vendor.sales = sync.vendor.sales.filter(({ id }) => id !== '2');
    const again = await sync.sync(source);
    expect(await sync.runStream(again)).toMatchObject({ deleted: 1, unchanged: 2, rejected: 0 });
  });

  it('reads the days of a window alone, and leaves what is new to the next run', async () => {
    sell(1, 10);
    const source = await sync.addSource(['sales']);
    await sync.sync(source);
    const { checkpoint } = await sync.stream(source, 'sales');
    sync.vendor.forget();
    const run = await sync.sync(source, { window: { from: '2026-03-01', to: '2026-03-03' } });
    expect(sync.vendor.slicesAsked).toEqual(['2026-03-01 2026-03-04']);
    expect(await sales(source)).toHaveLength(18);
    expect(await sync.stream(source, 'sales')).toMatchObject({ checkpoint });
    expect(await sync.runStream(run)).toMatchObject({ state: { pass: null }, inserted: 6 });
  });

  it('is read anew from its first day when that is asked for', async () => {
    sell(5, 10);
    const source = await sync.addSource(['sales']);
    await sync.sync(source);
    sync.vendor.forget();
    await sync.sync(source, { full: true });
    expect(sync.vendor.slicesAsked[0]).toMatch(/^2026-03-05/);
  });

  it('keeps what its vendor says of the rows', async () => {
    sync.vendor.sales = [{ id: '1', day: '2026-03-10', amount: '0' }];
    const source = await sync.addSource(['sales']);
    await sync.sync(source);
    expect(await sync.stream(source, 'sales')).toMatchObject({ warnings: ['Some sales were free.'] });
  });

  it('tells how far it is by the days of the pass', async () => {
    sell(1, 10);
    const source = await sync.addSource(['sales']);
    const seen: number[] = [];
    const runId = await sync.request(source);
    sync.vendor.mood = async ({ query }) => {
      if (query.get('from') !== '2026-03-08' || query.get('page') !== '0') return;
      const { progress } = await sync.row<{ progress: number }>(
        'select progress from app.sync_run where id = $1',
        [runId],
      );
      seen.push(progress);
    };
    await sync.run(runId);
    expect(seen).toEqual([expect.closeTo(3 / 6)]);
  });
});

describe('a stream that goes on from a checkpoint', () => {
  const change = (count: number): void => {
    sync.vendor.changes = Array.from({ length: count }, (_, at) => ({
      id: String(at),
      name: `n${at}`,
      at: at + 1,
    }));
  };

  it('is committed wherever reading may resume, and resumed there', async () => {
    change(10);
    const source = await sync.addSource(['changes']);
    armFailpoints('load.before-commit=throw@3');
    await sync.sync(source);
    expect(await sync.rows(source, 'changes', 'id')).toHaveLength(8);
    expect(await sync.stream(source, 'changes')).toMatchObject({ checkpoint: { at: 8 } });
    armFailpoints(undefined);
    sync.vendor.forget();
    const run = await sync.sync(source);
    expect(sync.vendor.requests.at(-1)?.query.get('since')).toBe('8');
    expect(await sync.runStream(run)).toMatchObject({ received: 2, inserted: 2 });
  });

  it('goes on from its own checkpoint when a run that reads everything anew is interrupted', async () => {
    change(10);
    const source = await sync.addSource(['changes']);
    await sync.sync(source);
    const runId = await sync.request(source, { full: true });
    const shutdown = new AbortController();
    let pages = 0;
    sync.vendor.mood = ({ path }) => void (path === '/changes' && ++pages === 2 && shutdown.abort());
    await sync.run(runId, sync.newProcess(), shutdown.signal);
    await sync.row(`update app.sync_run set lease_until = now() - interval '1 second' where id = $1`, [
      runId,
    ]);
    sync.vendor.forget();
    await sync.run(runId);
    expect(sync.vendor.requests.find(({ path }) => path === '/changes')?.query.get('since')).toBe('4');
    expect(await sync.runStream(runId)).toMatchObject({ received: 10, unchanged: 10 });
  });
});

describe('a stream that is replaced whole', () => {
  it('stays as it was until the last page has come', async () => {
    sync.vendor.list = 'abcdefgh'.split('').map((name) => ({ name }));
    const source = await sync.addSource(['list']);
    await sync.sync(source);
    sync.vendor.list = 'cdefghi'.split('').map((name) => ({ name }));
    sync.vendor.mood = ({ query }) => {
      if (query.get('page') === '1') throw refusal(400, 'no');
    };
    expect(await sync.runRow(await sync.sync(source))).toMatchObject({ status: 'failed' });
    expect((await sync.rows(source, 'list', 'name')).join('')).toBe('abcdefgh');
    sync.vendor.forget();
    const run = await sync.sync(source);
    expect((await sync.rows(source, 'list', 'name')).join('')).toBe('cdefghi');
    expect(await sync.runStream(run)).toMatchObject({ inserted: 1, deleted: 2, unchanged: 6 });
  });
});
