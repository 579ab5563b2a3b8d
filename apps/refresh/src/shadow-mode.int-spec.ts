import 'reflect-metadata';
import type { StreamUnderTest } from './testing/stream-under-test';
import { useRefresh } from './testing/use-refresh';

const refresh = useRefresh();
let orders: StreamUnderTest;
let model: string;
let models = 0;

beforeAll(async () => {
  orders = await refresh.project.addTable('shop', 'orders');
});

beforeEach(async () => {
  model = await refresh.project.addModel({
    name: `orders_${++models}`,
    sql: 'select id, amount from shop.orders',
    indexes: [{ columns: ['id'], unique: true }],
  });
  await refresh.project.next(model);
});

const change = (): Promise<void> => orders.change(`update $table set amount = amount + 1 where id <= 2`);

describe('a model that is pinned after a rollback', () => {
  it('is built on the next change, compared, and not shown', async () => {
    const { project } = refresh;
    await change();
    await project.next(model);
    const retired = `update app.model_version set state = 'retired', retired_at = now() where model_id = $1`;
    await project.rows(retired, [model]);
    const shown = `update app.model_version set state = 'live', retired_at = null where model_id = $1 and version = 1`;
    await project.rows(shown, [model]);
    const pin = `update app.data_model set published_version = 1, pinned_version = 1 where id = $1`;
    await project.rows(pin, [model]);
    await change();
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'COMPLETED',
      published: false,
      version: 3,
      comparison: { from: 1, to: 3, rowsChanged: 2 },
    });
    await expect(project.model(model)).resolves.toMatchObject({ published_version: 1, pinned_version: 1 });
    await expect(project.versions(model)).resolves.toEqual({ 1: 'live', 2: 'retired', 3: 'shadow' });
  });
});

describe('a model in shadow mode', () => {
  it('is built and compared each time its inputs change, and publishes nothing', async () => {
    const { project } = refresh;
    await project.rows(`update app.data_model set mode = 'shadow' where id = $1`, [model]);
    for (const version of [2, 3]) {
      await change();
      await expect(project.next(model)).resolves.toMatchObject({
        status: 'COMPLETED',
        published: false,
        comparison: { from: 1, to: version, rowsChanged: 2 },
      });
    }
    await expect(project.versions(model)).resolves.toEqual({ 1: 'live', 2: 'shadow', 3: 'shadow' });
  });

  it('publishes again when its time is over', async () => {
    const { project } = refresh;
    await project.rows(
      `update app.data_model set mode = 'shadow', shadow_until = now() - interval '1 second' where id = $1`,
      [model],
    );
    await change();
    await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED', published: true });
  });
});
