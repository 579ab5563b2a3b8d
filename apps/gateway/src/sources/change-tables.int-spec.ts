import { discoverResult, source as sourceShape, type Source } from '@freshet/contracts';
import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';

const gateway = useGateway({ usePostgres, useRedis });
const orders = { table: 'public.orders', key: ['id'], cursor: 'updated_at' };
const items = { table: 'public.items', key: ['id'] };

const server = () => {
  const { hostname, port, pathname } = new URL(gateway.postgres.url);
  return { host: hostname, port: Number(port), database: pathname.slice(1), tls: 'disable' };
};
const configOf = (...streams: object[]) => ({ ...server(), streams });

let count = 0;
const addShop = async (...streams: object[]): Promise<Source> => {
  const answer = await gateway.as(gateway.acme, 'createSource', gateway.acme).send({
    type: 'postgresql',
    name: `Shop ${++count}`,
    slug: `shop_${count}`,
    config: configOf(...streams),
    credentials: { user: new URL(gateway.postgres.url).username },
    newStreams: 'ask',
  });
  return sourceShape.parse(answer.body);
};
const save = (id: string, config: object, confirm?: 'true') =>
  gateway
    .as(gateway.acme, 'updateSource', { id })
    .query(confirm ? { confirm } : {})
    .send({ config });
/** As the sync service would have left it. */
const load = async (id: string, name: string, rows = 1_204): Promise<void> => {
  await gateway.postgres.pool.query(
    `update app.stream set generation = 1, revision = 1, row_count = $3, columns = '[{"name": "id", "type": "bigint"}]'
     where source_id = $1 and name = $2`,
    [id, name, rows],
  );
};
const streamRow = async (id: string, name: string) =>
  (
    await gateway.postgres.pool.query(
      'select id::text, mode, key, cursor_column, shape, loaded_shape, deleted_at from app.stream where source_id = $1 and name = $2 order by id desc',
      [id, name],
    )
  ).rows[0];

describe('the tables of a source', () => {
  it('are added to, and what a person chose waits for no further decision', async () => {
    const { id } = await addShop(orders);
    const query = { name: 'paid', query: 'SELECT * FROM orders', key: ['id'] };
    const saved = await save(id, configOf(orders, items, query));
    expect(saved.status).toBe(200);
    expect(saved.body.streams).toMatchObject([
      { name: 'orders', enabled: true },
      { name: 'items', enabled: true, noticed: false, mode: 'replace-all' },
      { name: 'paid', enabled: true, noticed: false },
    ]);
  });

  it('are read anew when their key, cursor or query is another, and go on when nothing of that changed', async () => {
    const { id } = await addShop(orders, items);
    await save(id, configOf({ ...orders, key: ['number'], lookback: 60 }, { ...items, lookback: 60 }));
    expect(await streamRow(id, 'orders')).toMatchObject({ key: ['number'], shape: 2, loaded_shape: 1 });
    expect(await streamRow(id, 'items')).toMatchObject({ key: ['id'], shape: 1 });
    await save(id, configOf({ table: 'public.orders', key: ['number'] }, { ...items, table: 'b.items' }));
    expect(await streamRow(id, 'orders')).toMatchObject({ mode: 'replace-all', cursor_column: null, shape: 3 }); // prettier-ignore
    expect(await streamRow(id, 'items')).toMatchObject({ shape: 2 });
  });

  it('go with their rows only when that is confirmed, and can be chosen again', async () => {
    const { id } = await addShop(orders, items);
    await load(id, 'items');
    const refused = await save(id, configOf(orders));
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: `With this change shop_${count}.items (1,204 rows) would be deleted.`,
      tables: [{ table: `shop_${count}.items`, rowCount: 1_204 }],
    });
    const { id: first } = await streamRow(id, 'items');
    const saved = await save(id, configOf(orders), 'true');
    expect(saved.body.streams.map(({ name }: { name: string }) => name)).toEqual(['orders']);
    const { rows } = await gateway.postgres.pool.query('select table_name from app.retired_table');
    expect(rows).toHaveLength(1);
    await save(id, configOf(orders, items));
    const again = await streamRow(id, 'items');
    expect(again).toMatchObject({ deleted_at: null });
    expect(again.id).not.toBe(first);
  });

  it('that an earlier config left behind are chosen again as they are to be now', async () => {
    const { id } = await addShop(orders, items);
    await gateway.postgres.pool.query(
      `update app.data_source set config = jsonb_set(config, '{streams}', $2) where id = $1`,
      [id, JSON.stringify([orders])],
    );
    await gateway.postgres.pool.query(
      `update app.stream set enabled = false where source_id = $1 and name = 'items'`,
      [id],
    );
    const saved = await save(id, configOf(orders, { ...items, key: ['sku'] }));
    expect(saved.body.streams[1]).toMatchObject({ name: 'items', enabled: true, key: ['sku'] });
    expect(await streamRow(id, 'items')).toMatchObject({ shape: 2 });
  });

  it('stay while a model reads them, confirmed or not, and the sentence names it', async () => {
    const { id, slug } = await addShop(orders, items);
    await load(id, 'orders');
    await gateway
      .as(gateway.acme, 'createModel', gateway.acme)
      .send({ name: `reader_${count}`, sql: `select id from ${slug}.orders` });
    for (const confirm of [undefined, 'true'] as const) {
      const refused = await save(id, configOf(items), confirm);
      expect(refused.body).toMatchObject({
        status: 409,
        code: 'has_dependents',
        detail: `The table ${slug}.orders is read by the model reader_${count}, so it cannot be removed.`,
        action: expect.stringContaining('switch its sync off'),
        dependents: { models: [{ name: `reader_${count}` }] },
      });
    }
    const { body } = await gateway.as(gateway.acme, 'getSource', { id });
    expect(body).toMatchObject({ config: { streams: [orders, items] }, revision: 1 });
  });

  it('are refused with a sentence when they cannot be', async () => {
    const { id } = await addShop(orders);
    const refused = await save(id, configOf(orders, { key: ['id'] }));
    expect(refused.body).toMatchObject({
      status: 400,
      code: 'invalid_input',
      errors: [{ path: 'config.streams.1.table', message: 'Give either a table, or a query and a name.' }],
    });
    const twice = await save(id, configOf(orders, { name: 'orders', query: 'select 1', key: [] }));
    expect(twice.body.errors).toMatchObject([{ message: 'Two streams have the same name.' }]);
  });

  it('end a run under way that would write into one that is gone', async () => {
    const { id, activeRunId } = await addShop(orders, items);
    await gateway.postgres.pool.query(`update app.sync_run set status = 'running' where id = $1`, [
      activeRunId,
    ]);
    await save(id, configOf(orders));
    const { rows } = await gateway.postgres.pool.query(
      'select cancel_requested from app.sync_run where id = $1',
      [activeRunId],
    );
    expect(rows).toEqual([{ cancel_requested: true }]);
  });
});

describe('a source that is there already', () => {
  it('is asked with its own credentials for what else there is, where its stored config says', async () => {
    await gateway.postgres.pool.query('create table orders (id int primary key, updated_at timestamptz)');
    const { id } = await addShop(orders);
    const ask = { type: 'postgresql', sourceId: id, config: { host: '127.0.0.9', streams: [] } };
    const found = discoverResult.parse((await gateway.as(gateway.acme, 'discoverSource').send(ask)).body);
    expect(found.streams.find(({ name }) => name === 'orders')).toMatchObject({
      config: { table: 'public.orders', key: ['id'], cursor: 'updated_at' },
    });
    const others = await gateway.as(gateway.globex, 'discoverSource').send(ask);
    expect(others.status).toBe(404);
  });
});
