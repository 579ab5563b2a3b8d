import { announceRelease, releaseSyncRun } from '@freshet/persistence';
import { useSync } from './testing/use-sync';

const sync = useSync();
const day = 86_400_000;

const sell = (count: number): void => {
  sync.vendor.sales = Array.from({ length: count }, (_, at) => ({
    id: String(at),
    day: '2026-03-10',
    amount: '1',
  }));
};
/** Completed runs of the same weekday in the weeks before, the latest first. */
const remember = async (
  source: string,
  stream: string,
  volumes: number[],
  more: { request?: object; held?: boolean; hour?: number } = {},
): Promise<void> => {
  const { id } = await sync.stream<{ id: string }>(source, stream);
  for (const [week, received] of volumes.entries()) {
    const at = new Date(sync.clock.now().getTime() - (week + 1) * 7 * day - (more.hour ?? 0) * 3_600_000);
    await sync.row(
      `with run as (
         insert into app.sync_run (organization_id, project_id, source_id, status, trigger, why, correlation_id, started_at, completed_at, request, held)
         values ($1, $2, $3, 'completed', 'schedule', 'Test.', 'test', $4, $4, $5, $6) returning id)
       insert into app.sync_run_stream (run_id, stream_id, organization_id, status, from_revision, to_revision, received)
       select id, $7, $1, 'completed', 0, 0, $8 from run`,
      [
        sync.ids.organizationId,
        sync.ids.projectId,
        source,
        at,
        more.request ?? {},
        more.held ?? false,
        id,
        received,
      ],
    );
  }
};
const addSource = async (stream = 'sales'): Promise<string> => {
  const source = await sync.addSource([stream]);
  await sync.sync(source);
  return source;
};
const isHeld = async (source: string, stream = 'sales'): Promise<boolean> =>
  (await sync.stream<{ held: boolean }>(source, stream)).held;

describe('a run that brought far fewer rows than that weekday usually has', () => {
  it('is completed but held: its table waits, with a sentence that gives the figures', async () => {
    sell(400);
    const source = await addSource();
    await remember(source, 'sales', [1_000, 1_000, 1_000, 1_000]);
    const run = await sync.sync(source);
    expect(await sync.runRow(run)).toMatchObject({ status: 'completed', held: true });
    expect(await isHeld(source)).toBe(true);
    expect((await sync.runStream(run))['held_why']).toBe(
      'Only 400 rows came for sales, where a Tuesday usually brings about 1,000. Its tables wait until you let them through.',
    );
    expect(await sync.events(run)).toEqual(['sync:queued', 'sync:started', 'sync:completed', 'sync:held']);
  });

  it('is held too when nothing came, though nothing in the table changed', async () => {
    sync.vendor.sales = [];
    const source = await addSource();
    await remember(source, 'sales', [3, 4, 5, 6]);
    const run = await sync.sync(source);
    expect([(await sync.runRow(run)).held, await isHeld(source)]).toEqual([true, true]);
  });

  it('is let through by one click, and as few rows are normal the next time', async () => {
    sell(400);
    const source = await addSource();
    await remember(source, 'sales', [1_000, 1_000, 1_000, 1_000]);
    const run = await sync.sync(source);
    const released = await sync.plane.systemTransaction(async (sql) => {
      const done = await releaseSyncRun(sql, run);
      if (done) await announceRelease(sql, done);
      return done;
    });
    expect([released?.streams, await isHeld(source)]).toEqual([['sales'], false]);
    await sync.row(`update app.sync_run set started_at = $2 where id = $1`, [
      run,
      new Date(sync.clock.now().getTime() - 7 * day),
    ]);
    expect(await sync.runRow(await sync.sync(source))).toMatchObject({ held: false });
    sell(100);
    expect(await sync.runRow(await sync.sync(source))).toMatchObject({ held: true });
  });

  it('stays held until each run that held it is let through', async () => {
    sell(400);
    const source = await addSource();
    await remember(source, 'sales', [1_000, 1_000, 1_000, 1_000]);
    const [first, second] = [await sync.sync(source), await sync.sync(source)];
    const release = (run: string) => sync.plane.systemTransaction((sql) => releaseSyncRun(sql, run));
    expect((await release(first))?.streams).toEqual([]);
    expect((await release(second))?.streams).toEqual(['sales']);
  });

  it('is not held for what it was asked to read besides, nor compared with such runs, nor with those still held', async () => {
    sell(400);
    const source = await addSource();
    await remember(source, 'sales', [1_000, 1_000, 1_000, 1_000], { request: { full: true } });
    await remember(source, 'sales', [1_000, 1_000, 1_000, 1_000], { held: true });
    expect(await sync.runRow(await sync.sync(source))).toMatchObject({ held: false });
    await remember(source, 'sales', [1_000, 1_000, 1_000, 1_000]);
    expect(await sync.runRow(await sync.sync(source, { full: true }))).toMatchObject({ held: false });
    expect(
      await sync.runRow(await sync.sync(source, { window: { from: '2026-03-09', to: '2026-03-10' } })),
    ).toMatchObject({ held: false });
  });

  it('is judged by the whole day so far where each run brings only what is new', async () => {
    sync.vendor.changes = Array.from({ length: 120 }, (_, at) => ({ id: String(at), name: 'n', at: at + 1 }));
    const source = await sync.addSource(['changes']);
    const first = await sync.sync(source);
    await sync.row('update app.sync_run set started_at = $2 where id = $1', [first, sync.clock.now()]);
    await remember(source, 'changes', [110, 110, 110, 110]);
    await remember(source, 'changes', [900, 900, 900, 900], { hour: -2 });
    expect(await sync.runRow(await sync.sync(source))).toMatchObject({ held: false });
    await sync.row('update app.sync_run set started_at = $2 where id = $1', [
      first,
      new Date(sync.clock.now().getTime() - day),
    ]);
    await sync.row(
      "update app.sync_run set started_at = $2 where source_id = $1 and id > $3 and trigger = 'user'",
      [source, sync.clock.now(), first],
    );
    const late = await sync.sync(source);
    expect((await sync.runStream(late))['received']).toBe(0);
    expect(await sync.runRow(late)).toMatchObject({ held: true });
  });
});
