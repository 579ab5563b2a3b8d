import 'reflect-metadata';
import { waitFor } from '@freshet/testing';
import { lockClass } from '@freshet/warehouse';
import { useRefresh } from './testing/use-refresh';
import type { RefreshRow } from './testing/project-under-test';
import type { StreamUnderTest } from './testing/stream-under-test';

/** A running refresh notices a cancel within this time, in milliseconds; its lease's beat alone would take 4 s. */
const soon = 1_000;

describe('a cancelled refresh', () => {
  // Beats are so rare that only the message itself can be what stops it in time.
  const refresh = useRefresh({ env: { FRESHET_LEASE_MS: '60000' } });
  let orders: StreamUnderTest;
  let models = 0;

  const sql = 'select id, amount from shop.orders';
  const add = (settings = {}, query = sql): Promise<string> =>
    refresh.project.addModel({ name: `model_${++models}`, sql: query, ...settings });

  /** Cancels the model's refresh and waits for its end. */
  const cancel = async (model: string): Promise<{ ended: RefreshRow; took: number }> => {
    const { id } = await refresh.project.running(model);
    const begin = performance.now();
    await refresh.project.cancel(id);
    const ended = await refresh.project.next(model);
    return { ended, took: performance.now() - begin };
  };

  const expectCancelled = async (model: string, left: string[]): Promise<void> => {
    const { ended, took } = await cancel(model);
    expect(ended).toMatchObject({
      status: 'CANCELLED',
      published: false,
      error: null,
      why: expect.stringMatching(/^Anna cancelled it/),
    });
    expect(took).toBeLessThan(soon);
    await expect(refresh.project.tables(model)).resolves.toEqual(left);
    await expect(refresh.project.model(model)).resolves.toMatchObject({
      lease_until: null,
      lease_refresh_id: null,
    });
  };

  beforeAll(async () => {
    orders = await refresh.project.addTable('shop', 'orders');
    await refresh.project.addTable('shop', 'limits');
  });

  it('that waits for a slot ends at once, and nothing begins in its place until an input changes', async () => {
    const { project, plane } = refresh;
    const model = await plane.systemSession(async (_, session) => {
      await session.query('select pg_advisory_lock($1, slot) from generate_series(0, 2) slot', [
        lockClass.refreshSlot,
      ]);
      const waiting = await add();
      const queued = await waitFor(
        async () =>
          (await project.rows<RefreshRow>(`select * from app.refresh where model_id = $1`, [waiting]))[0],
      );
      await project.cancel(queued.id);
      await expect(project.next(waiting)).resolves.toMatchObject({ status: 'CANCELLED' });
      return waiting;
    });
    const other = await add();
    await expect(project.next(other)).resolves.toMatchObject({ status: 'COMPLETED' });
    await expect(
      project.rows(`select id from app.refresh where model_id = $1 and started_at is not null`, [model]),
    ).resolves.toEqual([]);
    await orders.change(`update $table set amount = amount + 1 where id = 1`);
    await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED', published: true });
  });

  it('stops before its query begins', async () => {
    await refresh.project.holding(`lock table ${orders.table} in access exclusive mode`, async () => {
      const model = await add();
      await refresh.project.untilBlocked();
      await expectCancelled(model, []);
    });
  });

  it('stops in the middle of its query', async () => {
    const model = await add({}, 'select count(*) as n from shop.orders, generate_series(1, 1000000000) n');
    await waitFor(
      async () =>
        (
          await refresh.project.rows(
            `select from pg_stat_activity where application_name = 'freshet build' and state = 'active' and query like 'CREATE TABLE%'`,
          )
        ).length > 0,
    );
    await expectCancelled(model, []);
  });

  it('stops while an index is built', async () => {
    await refresh.project.rows(`
      create table public.turn (); grant select on public.turn to public;
      create function public.wait_turn() returns event_trigger language plpgsql security definer as
        $$ begin lock table public.turn in share mode; end $$;
      create event trigger hold_index on ddl_command_start when tag in ('CREATE INDEX') execute function public.wait_turn()`);
    await refresh.project.holding('lock table public.turn in access exclusive mode', async () => {
      const model = await add({ indexes: [{ columns: ['id'], unique: true }] });
      await refresh.project.untilBlocked();
      await expectCancelled(model, []);
    });
    await refresh.project.rows('drop event trigger hold_index');
  });

  it('stops while a guard runs', async () => {
    const { project } = refresh;
    const [limits] = await project.rows<{ name: string }>(
      `select relname as name from pg_class where relnamespace = $1::regnamespace and relname like 's\\_%' and relkind = 'r' order by oid desc`,
      [project.schema],
    );
    await project.holding(
      `lock table ${project.schema}.${limits?.name} in access exclusive mode`,
      async () => {
        const model = await add({
          guards: [{ kind: 'sql', sql: 'select * from shop.limits where amount < 0', severity: 'block' }],
        });
        await project.untilBlocked();
        await expectCancelled(model, []);
      },
    );
  });

  it('stops while versions are compared, and readers keep the last one', async () => {
    const { project } = refresh;
    const model = await add();
    await project.next(model);
    const first = `m_${model}_v1`;
    await project.holding(`lock table ${project.schema}.${first} in access exclusive mode`, async () => {
      await orders.change(`update $table set amount = amount + 1 where id = 1`);
      await project.untilBlocked();
      await expectCancelled(model, [first]);
    });
    await expect(project.model(model)).resolves.toMatchObject({ published_version: 1 });
  });
});

describe('a cancel whose message is lost', () => {
  const refresh = useRefresh({ env: { FRESHET_LEASE_MS: '3000' } });

  it('is noticed by the beat of the lease', async () => {
    const { project } = refresh;
    const orders = await project.addTable('shop', 'orders');
    await project.holding(`lock table ${orders.table} in access exclusive mode`, async () => {
      const model = await project.addModel({ name: 'totals', sql: 'select count(*) as n from shop.orders' });
      const { id } = await project.running(model);
      await project.untilBlocked();
      await project.rows('update app.refresh set cancel_requested = true where id = $1', [id]);
      await expect(project.next(model)).resolves.toMatchObject({ status: 'CANCELLED' });
    });
  });
});
