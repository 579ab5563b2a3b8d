import 'reflect-metadata';
import { useRefresh } from './testing/use-refresh';

describe('a refresh', () => {
  const refresh = useRefresh();

  it('builds a new model at once, publishes it and tells why', async () => {
    const { project } = refresh;
    await project.addTable('shop', 'orders');
    const model = await project.addModel({ name: 'totals', sql: 'select count(*) as n from shop.orders' });
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'COMPLETED',
      published: true,
      version: 1,
      why: 'This is its first build.',
    });
    await expect(project.rows(`select n from ${project.schema}.m_${model}_v1`)).resolves.toEqual([
      { n: '10' },
    ]);
  });
});
