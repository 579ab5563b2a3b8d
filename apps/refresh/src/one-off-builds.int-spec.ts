import 'reflect-metadata';
import type { RefreshRow } from './testing/project-under-test';
import type { StreamUnderTest } from './testing/stream-under-test';
import { useRefresh } from './testing/use-refresh';

const refresh = useRefresh();
let orders: StreamUnderTest;
let model: string;
let models = 0;

beforeAll(async () => {
  orders = await refresh.project.addTable('shop', 'orders');
});

/** A published model whose table has changed since, and whose auto-refresh is off: nothing happens by itself. */
beforeEach(async () => {
  const { project } = refresh;
  model = await project.addModel({
    name: `orders_${++models}`,
    sql: 'select id, amount from shop.orders',
    indexes: [{ columns: ['id'], unique: true }],
    auto_refresh: false,
  });
  await project.next(model);
  await orders.change(`update $table set amount = amount + 1 where id <= 3`);
});

/** Everything the database knows, save what tells of asks and attempts; tables by name, rows as text. */
const everything = async (): Promise<Record<string, unknown>> => {
  const { project } = refresh;
  const names = await project.rows<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r' and relname not in ('refresh', 'event')`,
  );
  const seen: Record<string, unknown> = { tables: await project.tables() };
  for (const { name } of names) {
    seen[name] = await project.rows(
      `select to_jsonb(t) - 'seq' - 'last_started_attempt' as row from app.${name} t order by to_jsonb(t)::text`,
    );
  }
  return seen;
};

const counts = { rows_before: '10', rows_after: '10', rows_added: '0', rows_removed: '0', rows_changed: '3' };
const comparison = {
  from: 1,
  rowsBefore: 10,
  rowsAfter: 10,
  rowsAdded: 0,
  rowsRemoved: 0,
  rowsChanged: 3,
  key: ['id'],
};

const done = async (kind: 'shadow' | 'dry'): Promise<RefreshRow> => {
  await refresh.project.ask(model, kind);
  return refresh.project.next(model);
};

describe('a dry run', () => {
  it('tells plan, cost and difference, and changes nothing else', async () => {
    const before = await everything();
    await expect(done('dry')).resolves.toMatchObject({
      kind: 'dry',
      status: 'COMPLETED',
      published: false,
      version: null,
      plan: {
        cost: expect.any(Number),
        rows: expect.any(Number),
        text: expect.stringMatching(/Seq Scan on shop\.orders/),
      },
      comparison,
      ...counts,
    });
    await expect(everything()).resolves.toEqual(before);
  });

  it('that a guard would block says so, counts as no failure, and leaves nothing', async () => {
    const { project } = refresh;
    await project.rows(`update app.data_model set guards = $2 where id = $1`, [
      model,
      JSON.stringify([{ kind: 'range', columns: ['amount'], max: 1, severity: 'block' }]),
    ]);
    const before = await everything();
    await expect(done('dry')).resolves.toMatchObject({
      status: 'FAILED',
      error: { code: 'guard_failed' },
      plan: { text: expect.any(String) },
      guards: [{ ok: false }],
    });
    await expect(everything()).resolves.toEqual(before);
  });

  it('of a query that fails points at the fault', async () => {
    await refresh.project.rows(`update app.data_model set sql = 'select 1 / 0 as n' where id = $1`, [model]);
    await expect(done('dry')).resolves.toMatchObject({ status: 'FAILED', error: { code: 'sql_failed' } });
    await expect(refresh.project.model(model)).resolves.toMatchObject({ failures: 0, failed_vector: null });
  });
});

describe('a shadow build', () => {
  it('is kept beside the published version with its difference, and publishes nothing', async () => {
    const { project } = refresh;
    const before = await project.model(model);
    const shadow = await done('shadow');
    expect(shadow).toMatchObject({
      kind: 'shadow',
      status: 'COMPLETED',
      published: false,
      plan: null,
      comparison: { ...comparison, to: shadow.version },
      ...counts,
    });
    await expect(project.versions(model)).resolves.toEqual({ 1: 'live', 2: 'shadow' });
    await expect(project.tables(model)).resolves.toEqual([`m_${model}_v1`, `m_${model}_v2`]);
    await expect(project.model(model)).resolves.toEqual({ ...before, last_started_attempt: 2 });
  });

  it('waits beside a live refresh that is asked for, and each is done once', async () => {
    const { project } = refresh;
    await Promise.all([project.ask(model), project.ask(model, 'shadow'), project.ask(model, 'shadow')]);
    const ended = [await project.next(model), await project.next(model)];
    expect(ended.map(({ kind, status }) => [kind, status]).sort()).toEqual([
      ['live', 'COMPLETED'],
      ['shadow', 'COMPLETED'],
    ]);
    await expect(
      project.rows(`select count(*)::int as n from app.refresh where model_id = $1`, [model]),
    ).resolves.toEqual([{ n: 3 }]);
  });
});
