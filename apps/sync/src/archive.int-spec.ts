import { armFailpoints } from '@freshet/service-kit';
import { forgetOldPages } from '@freshet/persistence';
import { refusal } from './testing/day-vendor';
import { dayConnector } from './testing/day-connector';
import { useSync } from './testing/use-sync';

const sync = useSync();
afterEach(() => sync.connectors.set('days', dayConnector()));

const sell = (from: number, to: number, amount = '1'): void => {
  sync.vendor.sales = Array.from({ length: to - from + 1 }, (_, at) => ({
    id: String(2n ** 60n + BigInt(from + at)),
    day: `2026-03-${String(from + at).padStart(2, '0')}`,
    amount,
  }));
};
const pages = async (source: string): Promise<unknown[]> =>
  (
    await sync.postgres.pool.query(
      `select slice, number from app.raw_page where source_id = $1 order by id`,
      [source],
    )
  ).rows;
/** From now on the connector makes something else of the same answers. */
const normaliseOtherwise = (change: (row: (string | null)[]) => (string | null)[]): void => {
  const connector = dayConnector();
  const { replay } = connector;
  sync.connectors.set('days', {
    ...connector,
    replay: replay && async function* (...asked) {
      for await (const batch of replay(...asked)) yield { ...batch, rows: batch.rows.map((row) => change(row as string[])) };
    },
  }); // prettier-ignore
};
const withoutVendor = (): void => {
  sync.vendor.mood = () => {
    throw refusal(500, 'do_not_ask_me');
  };
};

describe('an archive of answers', () => {
  it('keeps those of committed slices alone, and none where the source has no archive', async () => {
    sell(5, 10);
    const [kept, none] = [
      await sync.addSource(['sales'], { archives: true }),
      await sync.addSource(['sales']),
    ];
    armFailpoints('load.before-commit=throw@3');
    await sync.sync(kept);
    armFailpoints(undefined);
    await sync.sync(none);
    expect(await pages(kept)).toEqual([
      { slice: { from: '2026-03-05', to: '2026-03-06' }, number: 0 },
      { slice: { from: '2026-03-06', to: '2026-03-08' }, number: 0 },
    ]);
    expect(await pages(none)).toEqual([]);
  });

  it('is normalised again without asking the vendor, each day from its newest answer', async () => {
    sell(5, 10);
    const source = await sync.addSource(['sales'], { archives: true });
    await sync.sync(source);
    sell(5, 9, '2');
    await sync.sync(source);
    const { checkpoint } = await sync.stream(source, 'sales');
    const before = await sync.rows(source, 'sales', 'day, amount');
    expect(before).toEqual(['2026-03-05 1', '2026-03-06 1', '2026-03-07 1', '2026-03-08 2', '2026-03-09 2']);
    withoutVendor();
    const same = await sync.sync(source, { replay: true });
    expect(await sync.runRow(same)).toMatchObject({ status: 'completed', error: null });
    expect(await sync.runStream(same)).toMatchObject({
      inserted: 0,
      updated: 0,
      deleted: 0,
      unchanged: 5,
      rejected: 0,
    });
    normaliseOtherwise(([id, day, amount]) => [id ?? null, day ?? null, `${amount}0`]);
    const other = await sync.sync(source, { replay: true });
    expect(await sync.runStream(other)).toMatchObject({ updated: 5 });
    expect(await sync.rows(source, 'sales', 'day, amount')).toEqual(before.map((line) => `${line}0`));
    expect(await sync.stream(source, 'sales')).toMatchObject({ checkpoint });
  });

  it('of a list that is replaced whole is that of its last whole reading', async () => {
    sync.vendor.list = 'abcdef'.split('').map((name) => ({ name }));
    const source = await sync.addSource(['list'], { archives: true });
    await sync.sync(source);
    sync.vendor.list = 'bcdefg'.split('').map((name) => ({ name }));
    await sync.sync(source);
    withoutVendor();
    normaliseOtherwise(([name]) => [`${name}${name}`]);
    await sync.sync(source, { replay: true });
    expect((await sync.rows(source, 'list', 'name')).join(' ')).toBe('bb cc dd ee ff gg');
  });

  it('of changes is read in the order in which they came', async () => {
    const change = (name: string, at: number) => ({ id: '1', name, at });
    sync.vendor.changes = [change('old', 1)];
    const source = await sync.addSource(['changes'], { archives: true });
    await sync.sync(source);
    sync.vendor.changes.push(change('new', 2));
    await sync.sync(source);
    withoutVendor();
    const run = await sync.sync(source, { replay: true });
    expect(await sync.runStream(run)).toMatchObject({ received: 2, unchanged: 1, inserted: 0 });
    expect(await sync.rows(source, 'changes', 'id, name')).toEqual(['1 new']);
  });

  it('is forgotten in time', async () => {
    sell(9, 10);
    const source = await sync.addSource(['sales'], { archives: true, firstWindowDays: 1 });
    await sync.sync(source);
    await sync.row(
      `update app.raw_page set fetched_at = now() - interval '31 days' where source_id = $1 and slice ->> 'from' = '2026-03-09'`,
      [source],
    );
    while (await forgetOldPages(sync.plane.system, 30, 1)) continue;
    expect(await pages(source)).toHaveLength(1);
  });
});

describe('what a vendor sent by itself', () => {
  it('is loaded by key, once, and leaves the rest of the stream alone', async () => {
    sell(9, 10);
    const source = await sync.addSource(['sales']);
    await sync.sync(source);
    const columns = JSON.stringify([{ name: 'id', type: 'bigint' }, { name: 'day', type: 'date' }, { name: 'amount', type: 'numeric' }]); // prettier-ignore
    for (const amount of ['7', '8']) {
      await sync.row(
        `insert into app.hook_delivery (organization_id, source_id, stream, columns, rows) values ($1, $2, 'sales', $3, $4)`,
        [sync.ids.organizationId, source, columns, JSON.stringify([['5', '2026-03-01', amount]])],
      );
    }
    withoutVendor();
    const run = await sync.sync(source, { hooks: true });
    expect(await sync.runRow(run)).toMatchObject({ status: 'completed' });
    expect(await sync.rows(source, 'sales', 'day, amount')).toEqual([
      '2026-03-01 8',
      '2026-03-09 1',
      '2026-03-10 1',
    ]);
    expect(await sync.row('select count(*)::int as left from app.hook_delivery', [])).toEqual({ left: 0 });
    await sync.sync(source, { hooks: true });
    expect(await sync.stream(source, 'sales')).toMatchObject({ row_count: '3' });
  });
});
