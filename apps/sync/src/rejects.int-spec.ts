import { listRejects } from '@freshet/persistence';
import { useSync } from './testing/use-sync';

const sync = useSync();

/** So many sales on each of the last days, of which so many have an amount that is none. */
const sell = (each: number, wrong: number): void => {
  sync.vendor.pageSize = 5_000;
  sync.vendor.sales = [6, 7, 8, 9, 10].flatMap((day) =>
    Array.from({ length: each }, (_, at) => ({
      id: `${day}${String(at).padStart(5, '0')}`,
      day: `2026-03-${String(day).padStart(2, '0')}`,
      amount: at < wrong ? 'much' : '1',
    })),
  );
};

describe('rows with impossible values', () => {
  it('are kept with the reason and the run, and the run goes on', async () => {
    sell(10, 2);
    const source = await sync.addSource(['sales']);
    const run = await sync.sync(source);
    expect(await sync.runRow(run)).toMatchObject({ status: 'completed' });
    expect(await sync.runStream(run)).toMatchObject({ received: 50, inserted: 40, rejected: 10 });
    const rejects = await listRejects(sync.plane.system, run, null, 50);
    expect(rejects).toHaveLength(10);
    expect(rejects[0]).toMatchObject({
      stream: 'sales',
      row: 1,
      reason: expect.stringContaining('amount'),
      raw: expect.stringContaining('much'),
    });
  });

  it('end a run of which too many are so over all of its slices, though none of these had too many', async () => {
    sell(300, 300);
    const source = await sync.addSource(['sales']);
    const run = await sync.sync(source);
    expect(await sync.runRow(run)).toMatchObject({
      status: 'failed',
      error: {
        code: 'too_many_rejects',
        message: '1500 of the 1500 rows that this sync read so far could not be loaded.',
      },
    });
    expect(await sync.runStream(run)).toMatchObject({ rejected: 600 });
    const kept = await sync.row(
      'select count(*)::int as kept, count(distinct raw)::int as different from app.sync_reject where run_id = $1',
      [run],
    );
    expect(kept).toEqual({ kept: 620, different: 620 });
  });

  it('count on over the attempts of a run', async () => {
    sell(300, 300);
    const source = await sync.addSource(['sales']);
    const runId = await sync.request(source);
    const shutdown = new AbortController();
    sync.vendor.mood = ({ query }) => void (query.get('from') === '2026-03-08' && shutdown.abort());
    await sync.run(runId, sync.newProcess(), shutdown.signal);
    expect(await sync.runStream(runId)).toMatchObject({ received: 600 });
    await sync.row(`update app.sync_run set lease_until = now() - interval '1 second' where id = $1`, [
      runId,
    ]);
    sync.vendor.mood = () => undefined;
    expect(await sync.run(runId)).toBe('failed');
    expect(await sync.runRow(runId)).toMatchObject({
      error: { message: expect.stringMatching(/^1500 of the 1500/) },
    });
  });
});
