import 'reflect-metadata';
import { createLog } from '@freshet/service-kit';
import { StableViews } from './stable-views';
import { Sweeper } from './sweeper';
import { usePlane } from './testing/use-plane';

describe('the views for tools outside', () => {
  const data = usePlane();
  const log = createLog('scheduler', 'silent');
  const views = (): StableViews => new StableViews(data.plane, log);
  let model: string;

  const show = async (version: number): Promise<void> => {
    await data.plane.system.rows(
      `create table p_${data.projectId}.m_${model}_v${version} as select ${version} as n`,
    );
    await point(`published_version = ${version}`);
  };
  const point = (columns: string): Promise<unknown> =>
    data.postgres.pool.query(`update app.data_model set ${columns} where id = $1`, [model]);
  const read = async (name: string): Promise<number | null> =>
    (await data.postgres.pool.query(`select n from pub_${data.projectId}.${name}`).catch(() => null))?.rows[0]
      ?.n ?? null;

  beforeEach(async () => {
    model = await data.addModel(`daily_${Math.random().toString(36).slice(2)}`);
    await point(`name = 'daily', stable_view = true`);
    await show(1);
    await views().move();
  });
  afterEach(async () => {
    await point('stable_view = false, deleted_at = now(), name = id::text');
    await views().dropUnwanted();
  });

  it('show the version that is published, wherever its pointer goes', async () => {
    expect(await read('daily')).toBe(1);
    await show(2);
    await views().move();
    expect(await read('daily')).toBe(2);
    await point('published_version = 1');
    await views().move();
    expect(await read('daily')).toBe(1);
  });

  it('take over a model’s new name', async () => {
    await point(`name = 'per_day'`);
    await views().move();
    expect([await read('daily'), await read('per_day')]).toEqual([null, 1]);
    await point(`name = 'daily'`);
  });

  it('are moved in a later round while somebody reads them', async () => {
    const reader = await data.postgres.pool.connect();
    await reader.query('begin');
    await reader.query(`select * from pub_${data.projectId}.daily`);
    await show(2);
    await views().move();
    expect(await read('daily')).toBe(1);
    await reader.query('commit');
    reader.release();
    await views().move();
    expect(await read('daily')).toBe(2);
  });

  it('keep the table they name from the sweeper', async () => {
    const add = (version: number, state: string): Promise<unknown> =>
      data.postgres.pool.query(
        `insert into app.model_version (model_id, version, organization_id, project_id, state, columns, row_count, bytes,
           content_hash, vector, refresh_id, retired_at) values ($1, $2, $3, $4, $5, '[]', 0, 0, '', '{}', 0, now() - interval '1 h')`,
        [model, version, data.organizationId, data.projectId, state],
      );
    await add(1, 'retired');
    await add(2, 'live');
    await show(2);
    await new Sweeper(data.plane, log).sweep();
    expect(await read('daily')).toBe(1);
    await views().move();
    await new Sweeper(data.plane, log).sweep();
    expect(await read('daily')).toBe(2);
    await expect(
      data.row(`select to_regclass($1) as table`, [`p_${data.projectId}.m_${model}_v1`]),
    ).resolves.toEqual({ table: null });
  });

  it('go when nobody wants them any more', async () => {
    await point('stable_view = false');
    await views().dropUnwanted();
    expect(await read('daily')).toBeNull();
  });
});
