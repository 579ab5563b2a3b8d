import 'reflect-metadata';
import type { ProjectUnderTest } from './testing/project-under-test';
import type { StreamUnderTest } from './testing/stream-under-test';
import { useRefresh } from './testing/use-refresh';

describe('sets that are published together', () => {
  const refresh = useRefresh();
  let project: ProjectUnderTest;
  let orders: StreamUnderTest;
  let left: string;
  let right: string;
  let bottom: string;

  const pointers = async (): Promise<unknown[]> =>
    Promise.all([left, right, bottom].map(async (id) => (await project.model(id))['published_version']));
  const candidates = async (): Promise<unknown[]> =>
    Promise.all([left, right, bottom].map(async (id) => (await project.model(id))['candidate_version']));

  beforeAll(async () => {
    project = await refresh.addProject();
    await project.rows(`update app.project set publish_mode = 'together' where id = $1`, [project.id]);
    orders = await project.addTable('shop', 'orders');
    left = await project.addModel({ name: 'by_half', sql: 'select id, amount / 2 as half from shop.orders' });
    right = await project.addModel({ name: 'total', sql: 'select sum(amount) as total from shop.orders' });
    bottom = await project.addModel({
      name: 'share',
      sql: 'select h.id, h.half / t.total as share from by_half h cross join total t',
    });
    await project.until(async () => (await pointers()).every((version) => Number(version) > 0));
  }, 60_000);

  it('move all pointers in one transaction, each model built once', async () => {
    const before = await pointers();
    await orders.change('update $table set amount = amount + 1');
    await project.until(
      async () =>
        (await candidates()).every((version) => version === null) &&
        (await pointers()).every((version, place) => Number(version) > Number(before[place])),
    );
    const published = await project.rows<{ transactions: number; builds: number }>(
      `select (select count(distinct p.xmin::text)::int from app.model_publication p join app.data_model m on m.id = p.model_id
                 where m.project_id = $1 and p.version = m.published_version) as transactions,
              (select count(*)::int from app.refresh r join app.data_model m on m.id = r.model_id
                 where m.project_id = $1 and r.published and r.version = m.published_version) as builds`,
      [project.id],
    );
    expect(published).toEqual([{ transactions: 1, builds: 3 }]);
    const share = await project.rows<{ vector: Record<string, number> }>(
      `select v.vector from app.model_version v join app.data_model m on m.id = v.model_id and m.published_version = v.version where m.id = $1`,
      [bottom],
    );
    const [byHalf, total] = await pointers();
    expect(share[0]?.vector).toMatchObject({ [`m:${left}`]: byHalf, [`m:${right}`]: total });
  });

  it('do not wait for a member that was paused, whose candidate is taken back', async () => {
    const before = await pointers();
    await project.rows(`update app.data_model set paused = true where id = $1`, [bottom]);
    await orders.change('update $table set amount = amount + 1');
    await project.until(async () => {
      const [byHalf, total] = await pointers();
      return Number(byHalf) > Number(before[0]) && Number(total) > Number(before[1]);
    });
    await expect(project.model(bottom)).resolves.toMatchObject({
      published_version: before[2],
      candidate_version: null,
    });
    await project.rows(`update app.data_model set paused = false where id = $1`, [bottom]);
    await project.until(async () => Number((await pointers())[2]) > Number(before[2]));
  });

  it('take in the last build of a shadow mode whose time is over', async () => {
    const before = await pointers();
    await project.rows(`update app.data_model set mode = 'shadow' where id = $1`, [bottom]);
    await orders.change('update $table set amount = amount + 1');
    await project.until(async () => (await project.rows(`select from app.model_version where model_id = $1 and state = 'shadow'`, [bottom])).length > 0 && Number((await pointers())[1]) > Number(before[1])); // prettier-ignore
    await expect(project.model(bottom)).resolves.toMatchObject({ published_version: before[2] });
    await project.rows(`update app.data_model set shadow_until = now() where id = $1`, [bottom]);
    await project.until(async () => Number((await pointers())[2]) > Number(before[2]));
    await expect(project.model(bottom)).resolves.toMatchObject({
      mode: 'live',
      shadow_until: null,
      candidate_version: null,
    });
  });

  it('leave in the history of a model that was passed over why', async () => {
    await project.rows(`update app.data_model set paused = true where id = $1`, [right]);
    await project.rows(
      `with c as (insert into app.cascade (organization_id, project_id, why) values ($1, $2, 'Orders changed.') returning id)
       insert into app.cascade_item (cascade_id, model_id, organization_id, position, why) select id, $3, $1, 1, 'Orders changed.' from c`,
      [project.organizationId, project.id, right],
    );
    await orders.change('update $table set amount = amount + 1');
    // A job that an earlier test left may also end here, having found nothing to do.
    const passedOver = () =>
      project.rows(
        `select status from app.refresh where model_id = $1 and why = 'It is paused; resume it to go on.'`,
        [right],
      );
    await project.until(async () => (await passedOver()).length > 0);
    await expect(passedOver()).resolves.toEqual([{ status: 'SKIPPED' }]);
  });
});
