import 'reflect-metadata';
import type { StreamUnderTest } from './testing/stream-under-test';
import { useRefresh } from './testing/use-refresh';

describe('in a project that publishes together', () => {
  const refresh = useRefresh();
  let orders: StreamUnderTest;
  let daily: string;
  let monthly: string;

  beforeAll(async () => {
    const { project } = refresh;
    orders = await project.addTable('shop', 'orders');
    daily = await project.addModel({ name: 'daily', sql: 'select id, amount from shop.orders' });
    await project.next(daily);
    monthly = await project.addModel({
      name: 'monthly',
      sql: 'select sum(amount) as total from daily',
      guards: [{ kind: 'range', columns: ['total'], max: 1_000, severity: 'block' }],
    });
    await project.next(monthly);
    await project.rows(`update app.project set publish_mode = 'together' where id = $1`, [project.id]);
  });

  it('a build is stored as candidate, from which those below are built, and readers see neither', async () => {
    const { project } = refresh;
    await orders.change('update $table set amount = 5000 where id = 1');
    await expect(project.next(daily)).resolves.toMatchObject({
      status: 'COMPLETED',
      published: false,
      version: 2,
    });
    await expect(project.next(monthly)).resolves.toMatchObject({
      status: 'FAILED',
      error: { code: 'guard_failed' },
      vector: { [`m:${daily}`]: 2 },
    });
    await expect(project.model(daily)).resolves.toMatchObject({ published_version: 1, candidate_version: 2 });
    await expect(project.versions(daily)).resolves.toEqual({ 1: 'live', 2: 'candidate' });
    await expect(project.model(monthly)).resolves.toMatchObject({
      published_version: 1,
      candidate_version: null,
    });
  });

  it('the set is published at once when its last member can be built', async () => {
    const { project } = refresh;
    await orders.change('update $table set amount = 3 where id = 1');
    await expect(project.next(daily)).resolves.toMatchObject({
      status: 'COMPLETED',
      published: false,
      version: 3,
    });
    await expect(project.next(monthly)).resolves.toMatchObject({ status: 'COMPLETED' });
    await project.until(
      async () =>
        (await project.model(daily))['published_version'] === 3 &&
        (await project.model(monthly))['published_version'] === 3,
    );
    await expect(project.versions(daily)).resolves.toEqual({ 1: 'retired', 2: 'retired', 3: 'live' });
    await expect(project.model(daily)).resolves.toMatchObject({ candidate_version: null });
  });

  it('a result that goes back to what is published takes the candidate back', async () => {
    const { project } = refresh;
    await orders.change('update $table set amount = 5000 where id = 2');
    await expect(project.next(daily)).resolves.toMatchObject({ published: false, version: 4 });
    await project.next(monthly);
    await orders.change('update $table set amount = 3.0 where id = 2');
    await expect(project.next(daily)).resolves.toMatchObject({
      status: 'COMPLETED',
      published: false,
      version: null,
    });
    await expect(project.model(daily)).resolves.toMatchObject({
      published_version: 3,
      candidate_version: null,
    });
    await expect(project.versions(daily)).resolves.toMatchObject({ 3: 'live', 4: 'retired' });
  });
});
