import 'reflect-metadata';
import type { Guard } from '@freshet/contracts';
import type { StreamUnderTest } from './testing/stream-under-test';
import { useRefresh } from './testing/use-refresh';

describe('a guard', () => {
  const refresh = useRefresh();
  let orders: StreamUnderTest;

  beforeEach(async () => {
    orders = await refresh.project.addTable(`shop_${++sources}`, 'orders');
  });
  let sources = 0;

  const add = (guard: Partial<Guard> & Pick<Guard, 'kind'>, more = {}): Promise<string> =>
    refresh.project.addModel({
      name: `totals_${sources}`,
      sql: `select id, case when amount >= 0 then amount end as amount from shop_${sources}.orders where id < 1000`,
      guards: [{ severity: 'block', ...guard }],
      ...more,
    });

  type Bad = [guard: Partial<Guard> & Pick<Guard, 'kind'>, change: string, told: RegExp, rows: unknown];
  const bad: [string, Bad][] = [
    ['not_empty', [{ kind: 'not_empty' }, 'delete from $table', /empty/, undefined]],
    [
      'not_null',
      [{ kind: 'not_null', columns: ['amount'] }, 'update $table set amount = -1 where id = 3', /amount/, [{ id: 3, amount: null }]],
    ],
    [
      'unique',
      [
        { kind: 'unique', columns: ['amount'] },
        'update $table set amount = 1.5 where id = 2',
        /amount/,
        [expect.objectContaining({ amount: '1.5' })],
      ],
    ],
    [
      'range',
      [{ kind: 'range', columns: ['amount'], max: 100 }, 'update $table set amount = 101 where id = 4', /range/, [expect.objectContaining({ id: 4 })]],
    ],
    [
      'accepted_values',
      [
        { kind: 'accepted_values', columns: ['id'], values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
        'insert into $table values (11, 1)',
        /value/,
        [expect.objectContaining({ id: 11 })],
      ],
    ],
    [
      'row_change',
      [{ kind: 'row_change', percent: 20 }, 'delete from $table where id > 5', /10 → 5 rows/, undefined],
    ],
    [
      'sql',
      [
        { kind: 'sql', sql: 'select t.id, o.amount from totals_$n t join shop_$n.orders o using (id) where o.amount > 500' },
        'update $table set amount = 501 where id = 7',
        /query/,
        [{ id: 7, amount: '501' }],
      ],
    ],
  ]; // prettier-ignore

  it.each(bad)(
    '%s blocks a bad build, shows the rows, and readers keep the version they have',
    async (_, [guard, change, told, rows]) => {
      const { project } = refresh;
      const model = await add({
        ...guard,
        ...(guard.sql && { sql: guard.sql.replaceAll('$n', String(sources)) }),
      });
      await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED', published: true });

      await orders.change(change);
      const failed = await project.next(model);
      expect(failed).toMatchObject({
        status: 'FAILED',
        published: false,
        error: { code: 'guard_failed', message: expect.stringMatching(told) },
        guards: [{ ok: false, severity: 'block' }],
      });
      expect(failed.guards[0]?.rows).toEqual(rows);
      await expect(project.tables(model)).resolves.toEqual([`m_${model}_v1`]);
      await expect(project.model(model)).resolves.toMatchObject({
        published_version: 1,
        failure_final: true,
      });
    },
  );

  it('that blocked is not tried again on the same inputs, and lets the next good build through', async () => {
    const { project } = refresh;
    const model = await add({ kind: 'not_empty' });
    await project.next(model);
    await orders.change('delete from $table');
    await expect(project.next(model)).resolves.toMatchObject({ status: 'FAILED' });
    await orders.change('insert into $table values (1, 2)');
    await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED', published: true });
    await expect(
      project.rows(`select count(*)::int as n from app.refresh where model_id = $1`, [model]),
    ).resolves.toEqual([{ n: 3 }]);
  });

  it('that only warns is told with its rows, and the version remembers it without them', async () => {
    const { project } = refresh;
    const model = await add({ kind: 'range', columns: ['amount'], max: 10, severity: 'warn' });
    const { guards, ...done } = await project.next(model);
    expect(done).toMatchObject({ status: 'COMPLETED', published: true });
    expect(guards).toMatchObject([{ guard: 'range(amount)', ok: false, severity: 'warn' }]);
    expect(guards[0]?.rows).toHaveLength(4);
    const [version] = await project.rows<{ guards: object[] }>(
      'select guards from app.model_version where model_id = $1',
      [model],
    );
    expect(version?.guards).toEqual([
      { guard: 'range(amount)', ok: false, severity: 'warn', message: guards[0]?.message },
    ]);
  });

  it('whose query can not be run blocks, and says which it is', async () => {
    const { project } = refresh;
    const model = await add({ kind: 'sql', sql: 'select * from nowhere' });
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'FAILED',
      error: { message: expect.stringContaining('nowhere') },
    });
  });
});

describe('a schema policy', () => {
  const refresh = useRefresh();

  it.each([
    ['strict', 'select id, amount, 1 as more from shop.orders', /"more" is new/],
    ['additive', 'select id from shop.orders', /"amount" is gone/],
  ] as const)('%s refuses columns before any work is done', async (policy, sql, told) => {
    const { project } = refresh;
    if (policy === 'strict') await project.addTable('shop', 'orders');
    const model = await project.addModel({
      name: `kept_${policy}`,
      sql: 'select id, amount from shop.orders',
      schema_policy: policy,
    });
    await project.next(model);
    // Whoever creates a table now would show it.
    await project.rows(`create function public.no_table() returns event_trigger language plpgsql as
      $$ begin raise exception 'Work was done.'; end $$;
      create event trigger no_table on ddl_command_start when tag in ('CREATE TABLE AS') execute function public.no_table()`);
    await project.edit(model, { sql });
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'FAILED',
      error: { code: 'schema_incompatible', message: expect.stringMatching(told) },
    });
    await project.rows('drop event trigger no_table; drop function public.no_table()');
    await expect(project.model(model)).resolves.toMatchObject({ published_version: 1 });
  });
});
