/**
 * The story of Freshet, told against the built services: a file is synced, what depends on it is rebuilt, and nothing else is.
 */
import type { Cascade, Model, Source } from '@freshet/contracts';
import { ordersFile, type Order } from './src/harness/orders-file';
import { useFreshet } from './src/harness/use-freshet';
import { Workspace } from './src/harness/workspace';

describe('from a file to a number on a dashboard', () => {
  const freshet = useFreshet();
  const workspace = new Workspace(freshet);
  const rows = 100_000;
  const orders: Order[] = ordersFile.make(rows);
  let source: Source;
  let models: Record<'revenueByDay' | 'revenueByMonth' | 'countries' | 'countryCount' | 'unrelated', Model>;

  const publish = (): string => freshet.files.serve('/orders.csv', ordersFile.write(orders));
  const states = ({ items }: Cascade): Record<string, string> =>
    Object.fromEntries(items.map((item) => [item.modelName, item.state]));

  it('syncs a file of 100,000 rows, all of them', async () => {
    source = await workspace.addFile('shop', publish(), { key: ['id'] });
    const { items } = await freshet.api.call('listSourceRuns', { params: { id: source.id } });
    expect(items[0]?.records).toEqual({ inserted: rows, updated: 0, unchanged: 0, deleted: 0, rejected: 0 });
    await expect(workspace.rows('SELECT count(*), sum(amount) FROM shop.orders')).resolves.toEqual([
      [String(rows), ordersFile.total(orders)],
    ]);
  });

  it('builds models on the table and on each other', async () => {
    const add = (name: string, sql: string) => workspace.addModel({ name, sql });
    freshet.files.serve('/plans.csv', 'plan,price\nbasic,10\npro,20\n');
    await workspace.addFile('plans', `${freshet.files.url}/plans.csv`, { key: ['plan'] });
    models = {
      revenueByDay: await add(
        'revenue_by_day',
        'SELECT day, sum(amount) AS revenue FROM shop.orders GROUP BY day',
      ),
      revenueByMonth: await add(
        'revenue_by_month',
        `SELECT date_trunc('month', day)::date AS month, sum(revenue) AS revenue FROM revenue_by_day GROUP BY 1`,
      ),
      countries: await add('countries', 'SELECT DISTINCT country FROM shop.orders'),
      countryCount: await add('country_count', 'SELECT count(*) AS countries FROM countries'),
      unrelated: await add('price_list', 'SELECT plan, price FROM plans.plans'),
    };
    await expect(workspace.rows('SELECT sum(revenue) FROM revenue_by_month')).resolves.toEqual([
      [ordersFile.total(orders)],
    ]);
  });

  it('syncs the same file again: everything unchanged, nothing written, no cascade, and it says why', async () => {
    const before = await writtenSoFar();
    const run = await workspace.sync(source.id);
    expect(run).toMatchObject({
      status: 'completed',
      cascadeId: null,
      records: { inserted: 0, updated: 0, unchanged: rows, deleted: 0, rejected: 0 },
    });
    await expect(writtenSoFar()).resolves.toEqual(before);
    const model = await workspace.model(models.revenueByDay.id);
    expect(model).toMatchObject({ version: models.revenueByDay.version, owed: false });
    expect(model.why).toMatch(/nothing .* changed/i);
    expect(model.asOf[0]?.toRunId).toBe(run.id);
  });

  it('reads a file whose rows only changed places: all of them unchanged, and still nothing written', async () => {
    const before = await writtenSoFar();
    freshet.files.serve('/orders.csv', ordersFile.write([...orders].reverse()));
    const run = await workspace.sync(source.id);
    expect(run.records).toEqual({ inserted: 0, updated: 0, unchanged: rows, deleted: 0, rejected: 0 });
    expect(run.cascadeId).toBeNull();
    await expect(writtenSoFar()).resolves.toEqual(before);
  });

  it('updates one changed row and refreshes exactly the models that depend on it, once each, in order', async () => {
    const order = orders[4_711];
    if (!order) throw new Error('There are more orders than that.');
    order.amount = '1234.56';
    publish();
    const run = await workspace.sync(source.id);
    expect(run.records).toEqual({ inserted: 0, updated: 1, unchanged: rows - 1, deleted: 0, rejected: 0 });

    const cascade = await workspace.cascadeOf(run);
    expect(states(cascade)).toEqual({
      revenue_by_day: 'published',
      revenue_by_month: 'published',
      countries: 'unchanged',
      country_count: 'skipped',
    });
    const item = (name: string) => cascade.items.find(({ modelName }) => modelName === name);
    expect(Date.parse(item('revenue_by_month')?.startedAt ?? '')).toBeGreaterThanOrEqual(
      Date.parse(item('revenue_by_day')?.publishedAt ?? ''),
    );
    await expect(refreshesSince(cascade)).resolves.toEqual([
      'countries',
      'revenue_by_day',
      'revenue_by_month',
    ]);
    await expect(workspace.rows('SELECT sum(revenue) FROM revenue_by_month')).resolves.toEqual([
      [ordersFile.total(orders)],
    ]);
  });

  it('stops the cascade below a model whose result did not change', async () => {
    const [before, after] = [models.countryCount, await workspace.model(models.countryCount.id)];
    expect(after).toMatchObject({
      version: before.version,
      lastRefreshedAt: before.lastRefreshedAt,
      owed: false,
    });
  });

  it('deletes a row that vanished from the file', async () => {
    orders.splice(99, 1);
    publish();
    const run = await workspace.sync(source.id);
    expect(run.records).toEqual({ inserted: 0, updated: 0, unchanged: rows - 1, deleted: 1, rejected: 0 });
    await workspace.cascadeOf(run);
    await expect(workspace.rows('SELECT count(*) FROM shop.orders')).resolves.toEqual([[String(rows - 1)]]);
    await expect(workspace.rows('SELECT sum(revenue) FROM revenue_by_day')).resolves.toEqual([
      [ordersFile.total(orders)],
    ]);
  });

  it('tells of every refresh why it ran and what it changed', async () => {
    const { items } = await freshet.api.call('modelRefreshHistory', {
      params: { modelId: models.revenueByDay.id },
    });
    expect(items[0]).toMatchObject({
      status: 'COMPLETED',
      triggeredBy: 'cascade',
      published: true,
      why: expect.stringMatching(/shop\.orders went 2 → 3/),
      sourceId: source.id,
    });
    expect(items).toHaveLength(3);
  });

  it('shows a dashboard from one consistent set of versions', async () => {
    const dashboard = await freshet.api.call('createDashboard', {
      params: { projectId: freshet.projectId },
      body: {
        name: 'Revenue',
        charts: [
          {
            title: 'By day',
            type: 'line',
            sql: 'SELECT * FROM revenue_by_day ORDER BY day',
            layout: { x: 0, y: 0, w: 6, h: 4 },
          },
          {
            title: 'Total',
            type: 'kpi',
            sql: 'SELECT sum(revenue) FROM revenue_by_month',
            layout: { x: 6, y: 0, w: 6, h: 4 },
          },
        ],
      },
    });
    const { versions, results } = await freshet.api.call('loadDashboard', {
      params: { id: dashboard.id },
      body: {},
    });
    const current = await Promise.all(
      [models.revenueByDay, models.revenueByMonth].map(({ id }) => workspace.model(id)),
    );
    expect(versions).toEqual(Object.fromEntries(current.map(({ id, version }) => [id, version])));
    const total = results[dashboard.charts[1]?.id ?? ''];
    expect(total).toMatchObject({ rows: [[ordersFile.total(orders)]], source: 'live' });
  });

  /** Every write to the synced table and the models' versions that PostgreSQL has counted. */
  const writtenSoFar = async (): Promise<unknown> => {
    const { rows: tables } = await freshet.postgres.pool.query(
      `select relname, xmin from pg_class where relnamespace = $1::regnamespace and relkind = 'r' order by relname`,
      [`p_${freshet.projectId}`],
    );
    const { rows: streams } = await freshet.postgres.pool.query(
      'select id, revision, generation from app.stream order by id',
    );
    const counted = await Promise.all(
      tables.map(({ relname }) =>
        freshet.postgres.pool.query(
          `select max(xmin::text::bigint) as last, count(*) from p_${freshet.projectId}.${relname}`,
        ),
      ),
    );
    return { tables, streams, counted: counted.map((each) => each.rows) };
  };

  /** Names of the models refreshed since a cascade began, one for each refresh that ran. */
  const refreshesSince = async ({ startedAt }: Cascade): Promise<string[]> => {
    const { items } = await freshet.api.call('refreshHistory');
    return items
      .filter((refresh) => refresh.startedAt !== null && refresh.startedAt >= startedAt)
      .map(({ modelName }) => modelName)
      .sort();
  };
});
